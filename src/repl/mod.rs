//! The command line and the prompt.

pub mod render;
