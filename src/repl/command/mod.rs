//! The backslash commands, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod def;
mod describe;
mod expanded;
mod format;
mod functions;
mod help;
mod history;
mod include;
mod output;
mod plot;
mod quit;
mod report;
mod rows;
mod set;
mod strategies;
mod timing;

pub use def::*;

/// Every command, sorted by name.
pub static COMMANDS: &[&Command] = &[
    &help::DEF,
    &describe::DEF,
    &functions::DEF,
    &strategies::DEF,
    &format::DEF,
    &history::DEF,
    &include::DEF,
    &output::DEF,
    &plot::DEF,
    &quit::DEF,
    &report::DEF,
    &rows::DEF,
    &set::DEF,
    &timing::DEF,
    &expanded::DEF,
];
