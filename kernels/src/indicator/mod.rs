//! The indicators, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod accbands;
mod adx;
mod alligator;
mod alma;
mod apo;
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
mod dema;
mod ema;
mod ewm_corr;
mod ewm_cov;
mod ewm_mean;
mod ewm_std;
mod ewm_var;
mod ewma;
mod frama;
mod gator;
mod highest;
mod hma;
mod kama;
mod kdj;
mod kst;
mod linear_regression;
mod log_return;
mod lookup;
mod lowest;
mod ma;
mod ma_envelope;
mod macd;
mod macdext;
mod macdfix;
mod mama;
mod mavp;
mod mcginley;
mod mfi;
mod minus_di;
mod mom;
mod natr;
mod obv;
mod pct_change;
mod plus_di;
mod pmo;
mod ppo;
mod previous;
mod pvo;
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
mod stc;
mod stochastic;
mod stochf;
mod stochrsi;
mod t3;
mod tema;
mod trima;
mod trix;
mod true_range;
mod tsi;
mod value_when;
mod vidya;
mod vwap;
mod vwma;
mod wma;
mod zlema;
mod zscore;

pub use def::*;
pub use lookup::find;

/// Every indicator, sorted by name.
pub static INDICATORS: &[&Indicator] = &[
    &accbands::DEF,
    &adx::DEF,
    &alligator::DEF,
    &alma::DEF,
    &apo::DEF,
    &atr::DEF,
    &bars_since::DEF,
    &becomes_true::DEF,
    &bollinger::DEF,
    &cci::DEF,
    &change::DEF,
    &crosses_above::DEF,
    &crosses_below::DEF,
    &debounce::DEF,
    &dema::DEF,
    &ema::DEF,
    &ewm_corr::DEF,
    &ewm_cov::DEF,
    &ewm_mean::DEF,
    &ewm_std::DEF,
    &ewm_var::DEF,
    &ewma::DEF,
    &frama::DEF,
    &gator::DEF,
    &highest::DEF,
    &hma::DEF,
    &kama::DEF,
    &kdj::DEF,
    &kst::DEF,
    &linear_regression::DEF,
    &log_return::DEF,
    &lowest::DEF,
    &ma::DEF,
    &ma_envelope::DEF,
    &macd::DEF,
    &macdext::DEF,
    &macdfix::DEF,
    &mama::DEF,
    &mavp::DEF,
    &mcginley::DEF,
    &mfi::DEF,
    &minus_di::DEF,
    &mom::DEF,
    &natr::DEF,
    &obv::DEF,
    &pct_change::DEF,
    &plus_di::DEF,
    &pmo::DEF,
    &ppo::DEF,
    &previous::DEF,
    &pvo::DEF,
    &rma::DEF,
    &roc::DEF,
    &rolling_percent_rank::DEF,
    &rolling_stddev::DEF,
    &rolling_sum::DEF,
    &rolling_variance::DEF,
    &rsi::DEF,
    &slope::DEF,
    &sma::DEF,
    &stc::DEF,
    &stochastic::DEF,
    &stochf::DEF,
    &stochrsi::DEF,
    &t3::DEF,
    &tema::DEF,
    &trima::DEF,
    &trix::DEF,
    &true_range::DEF,
    &tsi::DEF,
    &value_when::DEF,
    &vidya::DEF,
    &vwap::DEF,
    &vwma::DEF,
    &wma::DEF,
    &zlema::DEF,
    &zscore::DEF,
];
