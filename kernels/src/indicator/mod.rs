//! The indicators, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod ad;
mod adosc;
mod adr;
mod adx;
mod amplitude;
mod anchored_vwap;
mod atr;
mod autocorrelation;
mod bars_since;
mod bars_since_session_start;
mod becomes_true;
mod beta;
mod bollinger;
mod butterworth;
mod cci;
mod center_of_gravity;
mod change;
mod cmf;
mod crosses_above;
mod crosses_below;
mod cumsum;
mod cvi;
mod cyber_cycle;
mod debounce;
mod decycler;
mod def;
mod efi;
mod ema;
mod emv;
mod even_better_sinewave;
mod ewm_bollinger;
mod ewm_std;
mod ewm_var;
mod ewm_vwap;
mod ewm_volume_oscillator;
mod ewma;
mod fear_greed;
mod fibonacci_levels;
mod fisher;
mod high_pass;
mod highest;
mod highest_index;
mod historical_volatility;
mod ht_dcperiod;
mod ht_dcphase;
mod ht_phasor;
mod ht_sine;
mod ht_trendline;
mod ht_trendmode;
mod hurst_exponent;
mod ichimoku;
mod instantaneous_trendline;
mod inverse_fisher;
mod kalman;
mod klinger;
mod laguerre;
mod laguerre_rsi;
mod linear_regression;
mod linear_regression_angle;
mod linear_regression_intercept;
mod log_return;
mod lookup;
mod lowest;
mod lowest_highest;
mod lowest_highest_index;
mod lowest_index;
mod macd;
mod macd_impulse;
mod mama;
mod marketfi;
mod massi;
mod mfi;
mod minus_di;
mod mom;
mod natr;
mod nvi;
mod obv;
mod opening_range;
mod pct_change;
mod percentrank;
mod permutation_entropy;
mod pi_cycle;
mod pivot_points;
mod plus_di;
mod previous;
mod previous_session;
mod pvi;
mod pvt;
mod regression_channel;
mod renko;
mod rma;
mod roc;
mod rolling_all;
mod rolling_any;
mod rolling_corr;
mod rolling_count;
mod rolling_covariance;
mod rolling_kurtosis;
mod rolling_median;
mod rolling_percent_rank;
mod rolling_percentile;
mod rolling_pivots;
mod rolling_skewness;
mod rolling_stddev;
mod rolling_sum;
mod rolling_variance;
mod roofing_filter;
mod rsi;
mod rvi;
mod rvol;
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
mod tsf;
mod ulcer_index;
mod value_when;
mod variance_ratio;
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
    &ad::DEF,
    &adosc::DEF,
    &adr::DEF,
    &adx::DEF,
    &amplitude::DEF,
    &anchored_vwap::DEF,
    &atr::DEF,
    &autocorrelation::DEF,
    &bars_since::DEF,
    &bars_since_session_start::DEF,
    &becomes_true::DEF,
    &beta::DEF,
    &bollinger::DEF,
    &butterworth::DEF,
    &cci::DEF,
    &center_of_gravity::DEF,
    &change::DEF,
    &cmf::DEF,
    &crosses_above::DEF,
    &crosses_below::DEF,
    &cumsum::DEF,
    &cvi::DEF,
    &cyber_cycle::DEF,
    &debounce::DEF,
    &decycler::DEF,
    &efi::DEF,
    &ema::DEF,
    &emv::DEF,
    &even_better_sinewave::DEF,
    &ewm_bollinger::DEF,
    &ewm_std::DEF,
    &ewm_var::DEF,
    &ewm_vwap::DEF,
    &ewm_volume_oscillator::DEF,
    &ewma::DEF,
    &fear_greed::DEF,
    &fibonacci_levels::DEF,
    &fisher::DEF,
    &high_pass::DEF,
    &highest::DEF,
    &highest_index::DEF,
    &historical_volatility::DEF,
    &ht_dcperiod::DEF,
    &ht_dcphase::DEF,
    &ht_phasor::DEF,
    &ht_sine::DEF,
    &ht_trendline::DEF,
    &ht_trendmode::DEF,
    &hurst_exponent::DEF,
    &ichimoku::DEF,
    &instantaneous_trendline::DEF,
    &inverse_fisher::DEF,
    &kalman::DEF,
    &klinger::DEF,
    &laguerre::DEF,
    &laguerre_rsi::DEF,
    &linear_regression::DEF,
    &linear_regression_angle::DEF,
    &linear_regression_intercept::DEF,
    &log_return::DEF,
    &lowest::DEF,
    &lowest_highest::DEF,
    &lowest_highest_index::DEF,
    &lowest_index::DEF,
    &macd::DEF,
    &macd_impulse::DEF,
    &mama::DEF,
    &marketfi::DEF,
    &massi::DEF,
    &mfi::DEF,
    &minus_di::DEF,
    &mom::DEF,
    &natr::DEF,
    &nvi::DEF,
    &obv::DEF,
    &opening_range::DEF,
    &pct_change::DEF,
    &percentrank::DEF,
    &permutation_entropy::DEF,
    &pi_cycle::DEF,
    &pivot_points::DEF,
    &plus_di::DEF,
    &previous::DEF,
    &previous_session::DEF,
    &pvi::DEF,
    &pvt::DEF,
    &regression_channel::DEF,
    &renko::DEF,
    &rma::DEF,
    &roc::DEF,
    &rolling_all::DEF,
    &rolling_any::DEF,
    &rolling_corr::DEF,
    &rolling_count::DEF,
    &rolling_covariance::DEF,
    &rolling_kurtosis::DEF,
    &rolling_median::DEF,
    &rolling_percent_rank::DEF,
    &rolling_percentile::DEF,
    &rolling_pivots::DEF,
    &rolling_skewness::DEF,
    &rolling_stddev::DEF,
    &rolling_sum::DEF,
    &rolling_variance::DEF,
    &roofing_filter::DEF,
    &rsi::DEF,
    &rvi::DEF,
    &rvol::DEF,
    &session_gap::DEF,
    &session_range::DEF,
    &session_vwap::DEF,
    &sine_wma::DEF,
    &slope::DEF,
    &sma::DEF,
    &stochastic::DEF,
    &super_smoother::DEF,
    &true_range::DEF,
    &tsf::DEF,
    &ulcer_index::DEF,
    &value_when::DEF,
    &variance_ratio::DEF,
    &volume_oscillator::DEF,
    &vwap::DEF,
    &vwap_bands::DEF,
    &wma::DEF,
    &zigzag::DEF,
    &zscore::DEF,
];
