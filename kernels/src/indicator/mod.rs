//! The indicators, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod adx;
mod atr;
mod bars_since;
mod becomes_true;
mod bollinger;
mod cci;
mod cdl_abandoned_baby;
mod cdl_advance_block;
mod cdl_belt_hold;
mod cdl_breakaway;
mod cdl_closing_marubozu;
mod cdl_concealing_baby_swallow;
mod cdl_counterattack;
mod cdl_dark_cloud_cover;
mod cdl_doji;
mod cdl_doji_star;
mod cdl_dragonfly_doji;
mod cdl_engulfing;
mod cdl_evening_doji_star;
mod cdl_evening_star;
mod cdl_gap_side_by_side_white;
mod cdl_gap_three_methods;
mod cdl_gravestone_doji;
mod cdl_hammer;
mod cdl_hanging_man;
mod cdl_harami;
mod cdl_harami_cross;
mod cdl_high_wave;
mod cdl_hikkake;
mod cdl_hikkake_modified;
mod cdl_homing_pigeon;
mod cdl_identical_three_crows;
mod cdl_in_neck;
mod cdl_inverted_hammer;
mod cdl_kicking;
mod cdl_kicking_by_length;
mod cdl_ladder_bottom;
mod cdl_long_legged_doji;
mod cdl_long_line;
mod cdl_marubozu;
mod cdl_mat_hold;
mod cdl_matching_low;
mod cdl_morning_doji_star;
mod cdl_morning_star;
mod cdl_on_neck;
mod cdl_piercing;
mod cdl_rickshaw_man;
mod cdl_rise_fall_three_methods;
mod cdl_separating_lines;
mod cdl_shooting_star;
mod cdl_short_line;
mod cdl_spinning_top;
mod cdl_stalled_pattern;
mod cdl_stick_sandwich;
mod cdl_takuri;
mod cdl_tasuki_gap;
mod cdl_three_black_crows;
mod cdl_three_inside;
mod cdl_three_line_strike;
mod cdl_three_outside;
mod cdl_three_stars_in_south;
mod cdl_three_white_soldiers;
mod cdl_thrusting;
mod cdl_tristar;
mod cdl_two_crows;
mod cdl_unique_three_river;
mod cdl_upside_gap_two_crows;
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
mod pattern;
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
    &cdl_abandoned_baby::DEF,
    &cdl_advance_block::DEF,
    &cdl_belt_hold::DEF,
    &cdl_breakaway::DEF,
    &cdl_closing_marubozu::DEF,
    &cdl_concealing_baby_swallow::DEF,
    &cdl_counterattack::DEF,
    &cdl_dark_cloud_cover::DEF,
    &cdl_doji::DEF,
    &cdl_doji_star::DEF,
    &cdl_dragonfly_doji::DEF,
    &cdl_engulfing::DEF,
    &cdl_evening_doji_star::DEF,
    &cdl_evening_star::DEF,
    &cdl_gap_side_by_side_white::DEF,
    &cdl_gap_three_methods::DEF,
    &cdl_gravestone_doji::DEF,
    &cdl_hammer::DEF,
    &cdl_hanging_man::DEF,
    &cdl_harami::DEF,
    &cdl_harami_cross::DEF,
    &cdl_high_wave::DEF,
    &cdl_hikkake::DEF,
    &cdl_hikkake_modified::DEF,
    &cdl_homing_pigeon::DEF,
    &cdl_identical_three_crows::DEF,
    &cdl_in_neck::DEF,
    &cdl_inverted_hammer::DEF,
    &cdl_kicking::DEF,
    &cdl_kicking_by_length::DEF,
    &cdl_ladder_bottom::DEF,
    &cdl_long_legged_doji::DEF,
    &cdl_long_line::DEF,
    &cdl_marubozu::DEF,
    &cdl_mat_hold::DEF,
    &cdl_matching_low::DEF,
    &cdl_morning_doji_star::DEF,
    &cdl_morning_star::DEF,
    &cdl_on_neck::DEF,
    &cdl_piercing::DEF,
    &cdl_rickshaw_man::DEF,
    &cdl_rise_fall_three_methods::DEF,
    &cdl_separating_lines::DEF,
    &cdl_shooting_star::DEF,
    &cdl_short_line::DEF,
    &cdl_spinning_top::DEF,
    &cdl_stalled_pattern::DEF,
    &cdl_stick_sandwich::DEF,
    &cdl_takuri::DEF,
    &cdl_tasuki_gap::DEF,
    &cdl_three_black_crows::DEF,
    &cdl_three_inside::DEF,
    &cdl_three_line_strike::DEF,
    &cdl_three_outside::DEF,
    &cdl_three_stars_in_south::DEF,
    &cdl_three_white_soldiers::DEF,
    &cdl_thrusting::DEF,
    &cdl_tristar::DEF,
    &cdl_two_crows::DEF,
    &cdl_unique_three_river::DEF,
    &cdl_upside_gap_two_crows::DEF,
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
