//! The indicators, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod accumulation_swing_index;
mod adx;
mod all_time_high;
mod all_time_low;
mod atr;
mod bandwidth;
mod bars_since;
mod bars_since_highest;
mod bars_since_lowest;
mod becomes_true;
mod bias;
mod bollinger;
mod brar;
mod cci;
mod change;
mod connors_rsi;
mod correlation_trend;
mod crosses;
mod crosses_above;
mod crosses_below;
mod cumulative_return;
mod debounce;
mod def;
mod derivative_oscillator;
mod drawdown;
mod elder_impulse;
mod elder_thermometer;
mod ema;
mod envelope;
mod ewm_std;
mod ewm_var;
mod ewma;
mod falling;
mod first_true_since;
mod gann_hilo;
mod highest;
mod highest_since;
mod linear_regression;
mod log_return;
mod lookup;
mod lowest;
mod lowest_since;
mod macd;
mod mfi;
mod minus_di;
mod mom;
mod natr;
mod obv;
mod pct_change;
mod percent_b;
mod plus_di;
mod premier_stochastic;
mod pretty_good_oscillator;
mod previous;
mod price_zone_oscillator;
mod psychological_line;
mod qqe;
mod random_walk_index;
mod relative_momentum_index;
mod relative_performance;
mod rising;
mod rma;
mod roc;
mod rolling_max_drawdown;
mod rolling_percent_rank;
mod rolling_range;
mod rolling_sharpe;
mod rolling_sortino;
mod rolling_stddev;
mod rolling_sum;
mod rolling_variance;
mod rsi;
mod slope;
mod sma;
mod state;
mod stochastic;
mod streak;
mod swing_index;
mod symmetric_wma;
mod td_setup;
mod toggle;
mod trend_intensity_index;
mod true_range;
mod true_run;
mod twiggs_money_flow;
mod value_when;
mod volume_zone_oscillator;
mod vwap;
mod wave_trend;
mod wma;
mod zscore;

pub use def::*;
pub use lookup::find;

/// Every indicator, sorted by name.
pub static INDICATORS: &[&Indicator] = &[
    &accumulation_swing_index::DEF,
    &adx::DEF,
    &all_time_high::DEF,
    &all_time_low::DEF,
    &atr::DEF,
    &bandwidth::DEF,
    &bars_since::DEF,
    &bars_since_highest::DEF,
    &bars_since_lowest::DEF,
    &becomes_true::DEF,
    &bias::DEF,
    &bollinger::DEF,
    &brar::DEF,
    &cci::DEF,
    &change::DEF,
    &connors_rsi::DEF,
    &correlation_trend::DEF,
    &crosses::DEF,
    &crosses_above::DEF,
    &crosses_below::DEF,
    &cumulative_return::DEF,
    &debounce::DEF,
    &derivative_oscillator::DEF,
    &drawdown::DEF,
    &elder_impulse::DEF,
    &elder_thermometer::DEF,
    &ema::DEF,
    &envelope::DEF,
    &ewm_std::DEF,
    &ewm_var::DEF,
    &ewma::DEF,
    &falling::DEF,
    &first_true_since::DEF,
    &gann_hilo::DEF,
    &highest::DEF,
    &highest_since::DEF,
    &linear_regression::DEF,
    &log_return::DEF,
    &lowest::DEF,
    &lowest_since::DEF,
    &macd::DEF,
    &mfi::DEF,
    &minus_di::DEF,
    &mom::DEF,
    &natr::DEF,
    &obv::DEF,
    &pct_change::DEF,
    &percent_b::DEF,
    &plus_di::DEF,
    &premier_stochastic::DEF,
    &pretty_good_oscillator::DEF,
    &previous::DEF,
    &price_zone_oscillator::DEF,
    &psychological_line::DEF,
    &qqe::DEF,
    &random_walk_index::DEF,
    &relative_momentum_index::DEF,
    &relative_performance::DEF,
    &rising::DEF,
    &rma::DEF,
    &roc::DEF,
    &rolling_max_drawdown::DEF,
    &rolling_percent_rank::DEF,
    &rolling_range::DEF,
    &rolling_sharpe::DEF,
    &rolling_sortino::DEF,
    &rolling_stddev::DEF,
    &rolling_sum::DEF,
    &rolling_variance::DEF,
    &rsi::DEF,
    &slope::DEF,
    &sma::DEF,
    &stochastic::DEF,
    &streak::DEF,
    &swing_index::DEF,
    &symmetric_wma::DEF,
    &td_setup::DEF,
    &toggle::DEF,
    &trend_intensity_index::DEF,
    &true_range::DEF,
    &true_run::DEF,
    &twiggs_money_flow::DEF,
    &value_when::DEF,
    &volume_zone_oscillator::DEF,
    &vwap::DEF,
    &wave_trend::DEF,
    &wma::DEF,
    &zscore::DEF,
];
