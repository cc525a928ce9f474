//! The indicators, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod ac;
mod adx;
mod adxr;
mod ao;
mod aroon;
mod aroonosc;
mod atr;
mod bars_since;
mod becomes_true;
mod bollinger;
mod bop;
mod cci;
mod change;
mod cmo;
mod cmou;
mod coppock;
mod crosses_above;
mod crosses_below;
mod debounce;
mod def;
mod dpo;
mod dx;
mod ema;
mod er;
mod eri;
mod ewm_std;
mod ewm_var;
mod ewma;
mod fosc;
mod fractal;
mod highest;
mod imi;
mod linear_regression;
mod log_return;
mod lookup;
mod lowest;
mod macd;
mod mfi;
mod minus_di;
mod minus_dm;
mod mom;
mod natr;
mod obv;
mod pct_change;
mod plus_di;
mod plus_dm;
mod previous;
mod qstick;
mod rma;
mod roc;
mod rocp;
mod rocr;
mod rocr100;
mod rolling_percent_rank;
mod rolling_stddev;
mod rolling_sum;
mod rolling_variance;
mod rsi;
mod slope;
mod sma;
mod smi;
mod state;
mod stochastic;
mod true_range;
mod ultosc;
mod value_when;
mod vhf;
mod vortex;
mod vwap;
mod wad;
mod williams_r;
mod wma;
mod zscore;

pub use def::*;
pub use lookup::find;

/// Every indicator, sorted by name.
pub static INDICATORS: &[&Indicator] = &[
    &ac::DEF,
    &adx::DEF,
    &adxr::DEF,
    &ao::DEF,
    &aroon::DEF,
    &aroonosc::DEF,
    &atr::DEF,
    &bars_since::DEF,
    &becomes_true::DEF,
    &bollinger::DEF,
    &bop::DEF,
    &cci::DEF,
    &change::DEF,
    &cmo::DEF,
    &cmou::DEF,
    &coppock::DEF,
    &crosses_above::DEF,
    &crosses_below::DEF,
    &debounce::DEF,
    &dpo::DEF,
    &dx::DEF,
    &ema::DEF,
    &er::DEF,
    &eri::DEF,
    &ewm_std::DEF,
    &ewm_var::DEF,
    &ewma::DEF,
    &fosc::DEF,
    &fractal::DEF,
    &highest::DEF,
    &imi::DEF,
    &linear_regression::DEF,
    &log_return::DEF,
    &lowest::DEF,
    &macd::DEF,
    &mfi::DEF,
    &minus_di::DEF,
    &minus_dm::DEF,
    &mom::DEF,
    &natr::DEF,
    &obv::DEF,
    &pct_change::DEF,
    &plus_di::DEF,
    &plus_dm::DEF,
    &previous::DEF,
    &qstick::DEF,
    &rma::DEF,
    &roc::DEF,
    &rocp::DEF,
    &rocr::DEF,
    &rocr100::DEF,
    &rolling_percent_rank::DEF,
    &rolling_stddev::DEF,
    &rolling_sum::DEF,
    &rolling_variance::DEF,
    &rsi::DEF,
    &slope::DEF,
    &sma::DEF,
    &smi::DEF,
    &stochastic::DEF,
    &true_range::DEF,
    &ultosc::DEF,
    &value_when::DEF,
    &vhf::DEF,
    &vortex::DEF,
    &vwap::DEF,
    &wad::DEF,
    &williams_r::DEF,
    &wma::DEF,
    &zscore::DEF,
];
