//! How other tools define the metrics, one file each. To add a tool: a file here, a `mod` line and a line in the list.

mod backtesting_py;
mod days;
mod def;
mod empyrical;
mod quantstats;
mod vectorbt;

pub use def::*;

/// Every convention: ours first, the others sorted by name.
pub static CONVENTIONS: &[&Convention] =
    &[&DEFAULT, &backtesting_py::DEF, &empyrical::DEF, &quantstats::DEF, &vectorbt::DEF];
