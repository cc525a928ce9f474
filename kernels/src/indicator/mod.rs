//! The indicators, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod ad;
mod adosc;
mod adr;
mod adx;
mod atr;
mod autocorrelation;
mod bars_since;
mod becomes_true;
mod beta;
mod bollinger;
mod cci;
mod change;
mod cmf;
mod crosses_above;
mod crosses_below;
mod cumsum;
mod cvi;
mod debounce;
mod def;
mod efi;
mod ema;
mod emv;
mod ewm_std;
mod ewm_var;
mod ewma;
mod highest;
mod highest_index;
mod historical_volatility;
mod hurst_exponent;
mod klinger;
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
mod marketfi;
mod massi;
mod mfi;
mod minus_di;
mod mom;
mod natr;
mod nvi;
mod obv;
mod pct_change;
mod percentrank;
mod permutation_entropy;
mod plus_di;
mod previous;
mod pvi;
mod pvt;
mod regression_channel;
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
mod rolling_skewness;
mod rolling_stddev;
mod rolling_sum;
mod rolling_variance;
mod rsi;
mod rvi;
mod rvol;
mod slope;
mod sma;
mod state;
mod stochastic;
mod true_range;
mod tsf;
mod ulcer_index;
mod value_when;
mod variance_ratio;
mod volume_oscillator;
mod vwap;
mod wma;
mod zscore;

pub use def::*;
pub use lookup::find;

/// Every indicator, sorted by name.
pub static INDICATORS: &[&Indicator] = &[
    &ad::DEF,
    &adosc::DEF,
    &adr::DEF,
    &adx::DEF,
    &atr::DEF,
    &autocorrelation::DEF,
    &bars_since::DEF,
    &becomes_true::DEF,
    &beta::DEF,
    &bollinger::DEF,
    &cci::DEF,
    &change::DEF,
    &cmf::DEF,
    &crosses_above::DEF,
    &crosses_below::DEF,
    &cumsum::DEF,
    &cvi::DEF,
    &debounce::DEF,
    &efi::DEF,
    &ema::DEF,
    &emv::DEF,
    &ewm_std::DEF,
    &ewm_var::DEF,
    &ewma::DEF,
    &highest::DEF,
    &highest_index::DEF,
    &historical_volatility::DEF,
    &hurst_exponent::DEF,
    &klinger::DEF,
    &linear_regression::DEF,
    &linear_regression_angle::DEF,
    &linear_regression_intercept::DEF,
    &log_return::DEF,
    &lowest::DEF,
    &lowest_highest::DEF,
    &lowest_highest_index::DEF,
    &lowest_index::DEF,
    &macd::DEF,
    &marketfi::DEF,
    &massi::DEF,
    &mfi::DEF,
    &minus_di::DEF,
    &mom::DEF,
    &natr::DEF,
    &nvi::DEF,
    &obv::DEF,
    &pct_change::DEF,
    &percentrank::DEF,
    &permutation_entropy::DEF,
    &plus_di::DEF,
    &previous::DEF,
    &pvi::DEF,
    &pvt::DEF,
    &regression_channel::DEF,
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
    &rolling_skewness::DEF,
    &rolling_stddev::DEF,
    &rolling_sum::DEF,
    &rolling_variance::DEF,
    &rsi::DEF,
    &rvi::DEF,
    &rvol::DEF,
    &slope::DEF,
    &sma::DEF,
    &stochastic::DEF,
    &true_range::DEF,
    &tsf::DEF,
    &ulcer_index::DEF,
    &value_when::DEF,
    &variance_ratio::DEF,
    &volume_oscillator::DEF,
    &vwap::DEF,
    &wma::DEF,
    &zscore::DEF,
];
