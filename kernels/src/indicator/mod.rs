//! The indicators, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod adx;
mod amplitude;
mod anchored_vwap;
mod atr;
mod bars_since;
mod bars_since_session_start;
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
mod ewm_bollinger;
mod ewm_std;
mod ewm_var;
mod ewm_vwap;
mod ewma;
mod fear_greed;
mod fibonacci_levels;
mod fisher;
mod high_pass;
mod highest;
mod ht_dcperiod;
mod ht_dcphase;
mod ht_phasor;
mod ht_sine;
mod ht_trendline;
mod ht_trendmode;
mod ichimoku;
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
mod macd_impulse;
mod mama;
mod mfi;
mod minus_di;
mod mom;
mod natr;
mod obv;
mod opening_range;
mod pct_change;
mod pi_cycle;
mod pivot_points;
mod plus_di;
mod previous;
mod previous_session;
mod renko;
mod rma;
mod roc;
mod rolling_percent_rank;
mod rolling_pivots;
mod rolling_stddev;
mod rolling_sum;
mod rolling_variance;
mod roofing_filter;
mod rsi;
mod session_gap;
mod session_range;
mod session_vwap;
mod sine_wma;
mod slope;
mod sma;
mod state;
mod stochastic;
mod super_smoother;
mod true_range;
mod value_when;
mod volume_oscillator;
mod vwap;
mod vwap_bands;
mod wma;
mod zigzag;
mod zscore;

pub use def::*;
pub use lookup::find;

/// Every indicator, sorted by name.
pub static INDICATORS: &[&Indicator] = &[
    &adx::DEF,
    &amplitude::DEF,
    &anchored_vwap::DEF,
    &atr::DEF,
    &bars_since::DEF,
    &bars_since_session_start::DEF,
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
    &ewm_bollinger::DEF,
    &ewm_std::DEF,
    &ewm_var::DEF,
    &ewm_vwap::DEF,
    &ewma::DEF,
    &fear_greed::DEF,
    &fibonacci_levels::DEF,
    &fisher::DEF,
    &high_pass::DEF,
    &highest::DEF,
    &ht_dcperiod::DEF,
    &ht_dcphase::DEF,
    &ht_phasor::DEF,
    &ht_sine::DEF,
    &ht_trendline::DEF,
    &ht_trendmode::DEF,
    &ichimoku::DEF,
    &instantaneous_trendline::DEF,
    &inverse_fisher::DEF,
    &kalman::DEF,
    &laguerre::DEF,
    &laguerre_rsi::DEF,
    &linear_regression::DEF,
    &log_return::DEF,
    &lowest::DEF,
    &macd::DEF,
    &macd_impulse::DEF,
    &mama::DEF,
    &mfi::DEF,
    &minus_di::DEF,
    &mom::DEF,
    &natr::DEF,
    &obv::DEF,
    &opening_range::DEF,
    &pct_change::DEF,
    &pi_cycle::DEF,
    &pivot_points::DEF,
    &plus_di::DEF,
    &previous::DEF,
    &previous_session::DEF,
    &renko::DEF,
    &rma::DEF,
    &roc::DEF,
    &rolling_percent_rank::DEF,
    &rolling_pivots::DEF,
    &rolling_stddev::DEF,
    &rolling_sum::DEF,
    &rolling_variance::DEF,
    &roofing_filter::DEF,
    &rsi::DEF,
    &session_gap::DEF,
    &session_range::DEF,
    &session_vwap::DEF,
    &sine_wma::DEF,
    &slope::DEF,
    &sma::DEF,
    &stochastic::DEF,
    &super_smoother::DEF,
    &true_range::DEF,
    &value_when::DEF,
    &volume_oscillator::DEF,
    &vwap::DEF,
    &vwap_bands::DEF,
    &wma::DEF,
    &zigzag::DEF,
    &zscore::DEF,
];
