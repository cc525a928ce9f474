//! The indicators, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod adx;
mod atr;
mod bars_since;
mod becomes_true;
mod bollinger;
mod butterworth;
mod cci;
mod center_of_gravity;
mod change;
mod crosses_above;
mod crosses_below;
mod cyber_cycle;
mod debounce;
mod decycler;
mod def;
mod ema;
mod even_better_sinewave;
mod ewm_std;
mod ewm_var;
mod ewma;
mod fisher;
mod high_pass;
mod highest;
mod ht_dcperiod;
mod ht_dcphase;
mod ht_phasor;
mod ht_sine;
mod ht_trendline;
mod ht_trendmode;
mod instantaneous_trendline;
mod inverse_fisher;
mod kalman;
mod laguerre;
mod laguerre_rsi;
mod linear_regression;
mod log_return;
mod lookup;
mod lowest;
mod macd;
mod mama;
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
mod roofing_filter;
mod rsi;
mod sine_wma;
mod slope;
mod sma;
mod state;
mod stochastic;
mod super_smoother;
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
    &butterworth::DEF,
    &cci::DEF,
    &center_of_gravity::DEF,
    &change::DEF,
    &crosses_above::DEF,
    &crosses_below::DEF,
    &cyber_cycle::DEF,
    &debounce::DEF,
    &decycler::DEF,
    &ema::DEF,
    &even_better_sinewave::DEF,
    &ewm_std::DEF,
    &ewm_var::DEF,
    &ewma::DEF,
    &fisher::DEF,
    &high_pass::DEF,
    &highest::DEF,
    &ht_dcperiod::DEF,
    &ht_dcphase::DEF,
    &ht_phasor::DEF,
    &ht_sine::DEF,
    &ht_trendline::DEF,
    &ht_trendmode::DEF,
    &instantaneous_trendline::DEF,
    &inverse_fisher::DEF,
    &kalman::DEF,
    &laguerre::DEF,
    &laguerre_rsi::DEF,
    &linear_regression::DEF,
    &log_return::DEF,
    &lowest::DEF,
    &macd::DEF,
    &mama::DEF,
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
    &roofing_filter::DEF,
    &rsi::DEF,
    &sine_wma::DEF,
    &slope::DEF,
    &sma::DEF,
    &stochastic::DEF,
    &super_smoother::DEF,
    &true_range::DEF,
    &value_when::DEF,
    &vwap::DEF,
    &wma::DEF,
    &zscore::DEF,
];
