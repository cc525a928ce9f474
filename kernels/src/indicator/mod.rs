//! The indicators, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod ac;
mod adx;
mod adxr;
mod ao;
mod aroon;
mod aroonosc;
mod atr;
mod atr_stop;
mod average_price;
mod avgdev;
mod bars_since;
mod becomes_true;
mod bollinger;
mod bop;
mod cci;
mod chande_kroll_stop;
mod chandelier_exit;
mod change;
mod choppiness;
mod cmo;
mod cmou;
mod coppock;
mod crosses_above;
mod crosses_below;
mod debounce;
mod def;
mod donchian;
mod dpo;
mod dx;
mod ema;
mod er;
mod eri;
mod ewm_std;
mod ewm_var;
mod ewma;
mod fcb;
mod fosc;
mod fractal;
mod heikin_ashi;
mod highest;
mod ibs;
mod imi;
mod keltner;
mod linear_regression;
mod log_return;
mod lookup;
mod lowest;
mod macd;
mod mcginley_dynamic;
mod median_price;
mod mfi;
mod midpoint;
mod midprice;
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
mod relative_vigor;
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
mod sar;
mod sarext;
mod slope;
mod sma;
mod smi;
mod squeeze;
mod starc;
mod state;
mod stochastic;
mod supertrend;
mod true_range;
mod typical_price;
mod ultosc;
mod value_when;
mod vhf;
mod volatility_stop;
mod vortex;
mod vwap;
mod wad;
mod weighted_close;
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
    &atr_stop::DEF,
    &average_price::DEF,
    &avgdev::DEF,
    &bars_since::DEF,
    &becomes_true::DEF,
    &bollinger::DEF,
    &bop::DEF,
    &cci::DEF,
    &chande_kroll_stop::DEF,
    &chandelier_exit::DEF,
    &change::DEF,
    &choppiness::DEF,
    &cmo::DEF,
    &cmou::DEF,
    &coppock::DEF,
    &crosses_above::DEF,
    &crosses_below::DEF,
    &debounce::DEF,
    &donchian::DEF,
    &dpo::DEF,
    &dx::DEF,
    &ema::DEF,
    &er::DEF,
    &eri::DEF,
    &ewm_std::DEF,
    &ewm_var::DEF,
    &ewma::DEF,
    &fcb::DEF,
    &fosc::DEF,
    &fractal::DEF,
    &heikin_ashi::DEF,
    &highest::DEF,
    &ibs::DEF,
    &imi::DEF,
    &keltner::DEF,
    &linear_regression::DEF,
    &log_return::DEF,
    &lowest::DEF,
    &macd::DEF,
    &mcginley_dynamic::DEF,
    &median_price::DEF,
    &mfi::DEF,
    &midpoint::DEF,
    &midprice::DEF,
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
    &relative_vigor::DEF,
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
    &sar::DEF,
    &sarext::DEF,
    &slope::DEF,
    &sma::DEF,
    &smi::DEF,
    &squeeze::DEF,
    &starc::DEF,
    &stochastic::DEF,
    &supertrend::DEF,
    &true_range::DEF,
    &typical_price::DEF,
    &ultosc::DEF,
    &value_when::DEF,
    &vhf::DEF,
    &volatility_stop::DEF,
    &vortex::DEF,
    &vwap::DEF,
    &wad::DEF,
    &weighted_close::DEF,
    &williams_r::DEF,
    &wma::DEF,
    &zscore::DEF,
];
