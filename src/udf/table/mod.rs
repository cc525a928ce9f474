//! The table functions, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod audit;
mod backtest;
mod bars;
mod data_quality;
mod datasets;
mod def;
mod equity;
mod indicators;
mod metrics;
mod orders;
mod portfolio;
mod portfolio_equity;
mod portfolio_orders;
mod portfolio_trades;
mod read_ohlcv;
mod resample;
mod results;
mod settings;
mod signals;
mod strategies;
mod strategy_params;
mod sweep;
mod synthetic_bars;
mod table_functions;
mod trades;

pub use def::*;

/// Every table function, sorted by name.
pub static TABLE_FUNCTIONS: &[&TableFunction] = &[
    &audit::DEF,
    &backtest::DEF,
    &bars::DEF,
    &data_quality::DEF,
    &datasets::DEF,
    &equity::DEF,
    &indicators::DEF,
    &metrics::DEF,
    &orders::DEF,
    &portfolio::DEF,
    &portfolio_equity::DEF,
    &portfolio_orders::DEF,
    &portfolio_trades::DEF,
    &read_ohlcv::DEF,
    &resample::DEF,
    &results::DEF,
    &settings::DEF,
    &signals::DEF,
    &strategies::DEF,
    &strategy_params::DEF,
    &sweep::DEF,
    &synthetic_bars::DEF,
    &table_functions::DEF,
    &trades::DEF,
];
