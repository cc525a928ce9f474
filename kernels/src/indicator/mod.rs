//! The indicators, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod adx;
mod atr;
mod bars_since;
mod becomes_true;
mod bollinger;
mod cci;
mod change;
mod crosses_above;
mod crosses_below;
mod debounce;
mod def;
mod ema;
mod ewm_std;
mod ewm_var;
mod ewma;
mod highest;
mod linear_regression;
mod log_return;
mod lookup;
mod lowest;
mod macd;
mod mfi;
mod minus_di;
mod mom;
mod natr;
mod obv;
mod pct_change;
mod plus_di;
mod previous;
mod rma;
mod roc;
mod rolling_percent_rank;
mod rolling_stddev;
mod rolling_sum;
mod rolling_variance;
mod rsi;
mod slope;
mod sma;
mod state;
mod stochastic;
mod true_range;
mod value_when;
mod vwap;
mod wma;
mod zscore;

pub use def::*;
pub use lookup::find;

/// Every indicator, sorted by name.
pub static INDICATORS: &[&Indicator] = &[
    &adx::DEF,
    &atr::DEF,
    &bars_since::DEF,
    &becomes_true::DEF,
    &bollinger::DEF,
    &cci::DEF,
    &change::DEF,
    &crosses_above::DEF,
    &crosses_below::DEF,
    &debounce::DEF,
    &ema::DEF,
    &ewm_std::DEF,
    &ewm_var::DEF,
    &ewma::DEF,
    &highest::DEF,
    &linear_regression::DEF,
    &log_return::DEF,
    &lowest::DEF,
    &macd::DEF,
    &mfi::DEF,
    &minus_di::DEF,
    &mom::DEF,
    &natr::DEF,
    &obv::DEF,
    &pct_change::DEF,
    &plus_di::DEF,
    &previous::DEF,
    &rma::DEF,
    &roc::DEF,
    &rolling_percent_rank::DEF,
    &rolling_stddev::DEF,
    &rolling_sum::DEF,
    &rolling_variance::DEF,
    &rsi::DEF,
    &slope::DEF,
    &sma::DEF,
    &stochastic::DEF,
    &true_range::DEF,
    &value_when::DEF,
    &vwap::DEF,
    &wma::DEF,
    &zscore::DEF,
];
