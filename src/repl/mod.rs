//! The command line and the prompt.
//!
//! | file | what it does |
//! |---|---|
//! | [`app`], [`args`] | the program: arguments in, exit status out |
//! | [`shell`], [`statement`] | runs scripts, statements and commands |
//! | [`command`] | backslash commands, one file each |
//! | [`render`], [`output`] | results as text or bytes, and where they go |
//! | [`interactive`], [`complete`] | the prompt and what it offers |
//! | [`report`] | runs report files |
//! | [`kept`], [`look`] | the last result, and what the terminal allows, for charts |
//! | [`help`] | pages from the registries |

pub mod app;
pub mod args;
pub mod catalog;
pub mod command;
pub mod complete;
mod complete_command;
pub mod demo;
pub mod failure;
pub mod help;
mod helper;
pub mod highlight;
pub mod hint;
pub mod history;
pub mod interactive;
mod interrupt;
pub mod kept;
pub mod keyword;
pub mod look;
pub mod output;
pub mod pager;
pub mod path;
pub mod place;
pub mod progress;
pub mod render;
pub mod report;
pub mod scope;
pub mod shell;
pub mod statement;
pub mod token;
