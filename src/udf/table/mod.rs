//! The table functions, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod backtest;
mod def;
mod equity;
mod indicators;
mod metrics;
mod orders;
mod settings;
mod signals;
mod strategies;
mod strategy_params;
mod sweep;
mod table_functions;
mod trades;

pub use def::*;

/// Every table function, sorted by name.
pub static TABLE_FUNCTIONS: &[&TableFunction] = &[
    &backtest::DEF,
    &equity::DEF,
    &indicators::DEF,
    &metrics::DEF,
    &orders::DEF,
    &settings::DEF,
    &signals::DEF,
    &strategies::DEF,
    &strategy_params::DEF,
    &sweep::DEF,
    &table_functions::DEF,
    &trades::DEF,
];
