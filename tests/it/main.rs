//! The one integration binary.

mod cli;
mod conventions;
mod data;
mod errors;
mod examples;
mod golden;
mod indicators;
mod layers;
mod reference;
mod repl;
mod replay;
mod report;
mod session;
mod slt;
mod strategies;
mod support;
