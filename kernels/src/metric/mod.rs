//! The metrics, one file each. To add one: a file here, a `mod` line and a line in each list.

mod def;

pub use def::*;

/// Every metric, sorted by name.
pub static METRICS: &[&Metric] = &[];

/// Every metric in the order in which `backtest()` and `sweep()` show them.
pub static COLUMN_ORDER: &[&Metric] = &[];
