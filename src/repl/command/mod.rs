//! The backslash commands, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod def;
mod demo;
mod describe;
mod edit;
mod expanded;
mod format;
mod functions;
mod help;
mod history;
mod include;
mod output;
mod pager;
mod plot;
mod quit;
mod report;
mod rows;
mod set;
mod strategies;
mod timing;
mod unset;
mod watch;

pub use def::*;

/// Every command, sorted by name.
pub static COMMANDS: &[&Command] = &[
    &help::DEF,
    &describe::DEF,
    &demo::DEF,
    &functions::DEF,
    &strategies::DEF,
    &edit::DEF,
    &format::DEF,
    &history::DEF,
    &include::DEF,
    &output::DEF,
    &pager::DEF,
    &plot::DEF,
    &quit::DEF,
    &report::DEF,
    &rows::DEF,
    &set::DEF,
    &timing::DEF,
    &unset::DEF,
    &watch::DEF,
    &expanded::DEF,
];
