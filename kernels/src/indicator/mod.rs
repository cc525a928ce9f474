//! The indicators, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod ac;
mod accbands;
mod accumulation_swing_index;
mod ad;
mod adosc;
mod adr;
mod adx;
mod adxr;
mod all_time_high;
mod all_time_low;
mod alligator;
mod alma;
mod amplitude;
mod anchored_vwap;
mod ao;
mod apo;
mod aroon;
mod aroonosc;
mod atr;
mod atr_stop;
mod autocorrelation;
mod average_price;
mod averaged;
mod avgdev;
mod bandwidth;
mod bars_since;
mod bars_since_highest;
mod bars_since_lowest;
mod bars_since_session_start;
mod becomes_true;
mod beta;
mod bias;
mod bollinger;
mod bop;
mod brar;
mod butterworth;
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
mod center_of_gravity;
mod chande_kroll_stop;
mod chandelier_exit;
mod change;
mod choppiness;
mod cmf;
mod cmo;
mod cmou;
mod connors_rsi;
mod coppock;
mod correlation_trend;
mod crosses;
mod crosses_above;
mod crosses_below;
mod cumsum;
mod cumulative_return;
mod cvi;
mod cyber_cycle;
mod debounce;
mod decycler;
mod def;
mod dema;
mod derivative_oscillator;
mod donchian;
mod dpo;
mod drawdown;
mod dx;
mod efi;
mod elder_impulse;
mod elder_thermometer;
mod ema;
mod emv;
mod er;
mod eri;
mod even_better_sinewave;
mod ewm_bollinger;
mod ewm_corr;
mod ewm_cov;
mod ewm_mean;
mod ewm_std;
mod ewm_var;
mod ewm_volume_oscillator;
mod ewm_vwap;
mod ewma;
mod falling;
mod fcb;
mod fear_greed;
mod fibonacci_levels;
mod first_true_since;
mod fisher;
mod fosc;
mod fractal;
mod frama;
mod gann_hilo;
mod gator;
mod heikin_ashi;
mod high_pass;
mod highest;
mod highest_index;
mod highest_since;
mod historical_volatility;
mod hma;
mod ht_dcperiod;
mod ht_dcphase;
mod ht_phasor;
mod ht_sine;
mod ht_trendline;
mod ht_trendmode;
mod hurst_exponent;
mod ibs;
mod ichimoku;
mod imi;
mod instantaneous_trendline;
mod inverse_fisher;
mod kalman;
mod kama;
mod kdj;
mod keltner;
mod klinger;
mod kst;
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
mod lowest_since;
mod ma;
mod ma_envelope;
mod macd;
mod macd_impulse;
mod macdext;
mod macdfix;
mod mama;
mod marketfi;
mod massi;
mod mavp;
mod mcginley;
mod median_price;
mod mfi;
mod midpoint;
mod midprice;
mod minus_di;
mod minus_dm;
mod mom;
mod natr;
mod nvi;
mod obv;
mod opening_range;
mod oscillator;
mod pattern;
mod pct_change;
mod percent_b;
mod percentrank;
mod permutation_entropy;
mod pi_cycle;
mod pivot_points;
mod plus_di;
mod plus_dm;
mod pmo;
mod ppo;
mod premier_stochastic;
mod pretty_good_oscillator;
mod previous;
mod previous_session;
mod price_zone_oscillator;
mod psychological_line;
mod pvi;
mod pvo;
mod pvt;
mod qqe;
mod qstick;
mod random_walk_index;
mod regression_channel;
mod relative_momentum_index;
mod relative_performance;
mod relative_vigor;
mod renko;
mod rising;
mod rma;
mod roc;
mod rocp;
mod rocr;
mod rocr100;
mod rolling_all;
mod rolling_any;
mod rolling_corr;
mod rolling_count;
mod rolling_covariance;
mod rolling_kurtosis;
mod rolling_max_drawdown;
mod rolling_median;
mod rolling_percent_rank;
mod rolling_percentile;
mod rolling_pivots;
mod rolling_range;
mod rolling_sharpe;
mod rolling_skewness;
mod rolling_sortino;
mod rolling_stddev;
mod rolling_sum;
mod rolling_variance;
mod roofing_filter;
mod rsi;
mod rvi;
mod rvol;
mod sar;
mod sarext;
mod session_gap;
mod session_range;
mod session_vwap;
mod sine_wma;
mod slope;
mod sma;
mod smi;
mod squeeze;
mod starc;
mod state;
mod stc;
mod stochastic;
mod stochf;
mod stochrsi;
mod streak;
mod super_smoother;
mod supertrend;
mod swing_index;
mod symmetric_wma;
mod t3;
mod td_setup;
mod tema;
mod toggle;
mod trend_intensity_index;
mod trima;
mod trix;
mod true_range;
mod true_run;
mod tsf;
mod tsi;
mod twiggs_money_flow;
mod typical_price;
mod ulcer_index;
mod ultosc;
mod value_when;
mod variance_ratio;
mod vhf;
mod vidya;
mod volatility_stop;
mod volume_index;
mod volume_oscillator;
mod volume_zone_oscillator;
mod vortex;
mod vwap;
mod vwap_bands;
mod vwma;
mod wad;
mod wave_trend;
mod weighted_close;
mod williams_r;
mod wma;
mod zigzag;
mod zlema;
mod zscore;

pub use def::*;
pub use lookup::find;

/// Every indicator, sorted by name.
pub static INDICATORS: &[&Indicator] = &[
    &ac::DEF,
    &accbands::DEF,
    &accumulation_swing_index::DEF,
    &ad::DEF,
    &adosc::DEF,
    &adr::DEF,
    &adx::DEF,
    &adxr::DEF,
    &all_time_high::DEF,
    &all_time_low::DEF,
    &alligator::DEF,
    &alma::DEF,
    &amplitude::DEF,
    &anchored_vwap::DEF,
    &ao::DEF,
    &apo::DEF,
    &aroon::DEF,
    &aroonosc::DEF,
    &atr::DEF,
    &atr_stop::DEF,
    &autocorrelation::DEF,
    &average_price::DEF,
    &avgdev::DEF,
    &bandwidth::DEF,
    &bars_since::DEF,
    &bars_since_highest::DEF,
    &bars_since_lowest::DEF,
    &bars_since_session_start::DEF,
    &becomes_true::DEF,
    &beta::DEF,
    &bias::DEF,
    &bollinger::DEF,
    &bop::DEF,
    &brar::DEF,
    &butterworth::DEF,
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
    &center_of_gravity::DEF,
    &chande_kroll_stop::DEF,
    &chandelier_exit::DEF,
    &change::DEF,
    &choppiness::DEF,
    &cmf::DEF,
    &cmo::DEF,
    &cmou::DEF,
    &connors_rsi::DEF,
    &coppock::DEF,
    &correlation_trend::DEF,
    &crosses::DEF,
    &crosses_above::DEF,
    &crosses_below::DEF,
    &cumsum::DEF,
    &cumulative_return::DEF,
    &cvi::DEF,
    &cyber_cycle::DEF,
    &debounce::DEF,
    &decycler::DEF,
    &dema::DEF,
    &derivative_oscillator::DEF,
    &donchian::DEF,
    &dpo::DEF,
    &drawdown::DEF,
    &dx::DEF,
    &efi::DEF,
    &elder_impulse::DEF,
    &elder_thermometer::DEF,
    &ema::DEF,
    &emv::DEF,
    &er::DEF,
    &eri::DEF,
    &even_better_sinewave::DEF,
    &ewm_bollinger::DEF,
    &ewm_corr::DEF,
    &ewm_cov::DEF,
    &ewm_mean::DEF,
    &ewm_std::DEF,
    &ewm_var::DEF,
    &ewm_volume_oscillator::DEF,
    &ewm_vwap::DEF,
    &ewma::DEF,
    &falling::DEF,
    &fcb::DEF,
    &fear_greed::DEF,
    &fibonacci_levels::DEF,
    &first_true_since::DEF,
    &fisher::DEF,
    &fosc::DEF,
    &fractal::DEF,
    &frama::DEF,
    &gann_hilo::DEF,
    &gator::DEF,
    &heikin_ashi::DEF,
    &high_pass::DEF,
    &highest::DEF,
    &highest_index::DEF,
    &highest_since::DEF,
    &historical_volatility::DEF,
    &hma::DEF,
    &ht_dcperiod::DEF,
    &ht_dcphase::DEF,
    &ht_phasor::DEF,
    &ht_sine::DEF,
    &ht_trendline::DEF,
    &ht_trendmode::DEF,
    &hurst_exponent::DEF,
    &ibs::DEF,
    &ichimoku::DEF,
    &imi::DEF,
    &instantaneous_trendline::DEF,
    &inverse_fisher::DEF,
    &kalman::DEF,
    &kama::DEF,
    &kdj::DEF,
    &keltner::DEF,
    &klinger::DEF,
    &kst::DEF,
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
    &lowest_since::DEF,
    &ma::DEF,
    &ma_envelope::DEF,
    &macd::DEF,
    &macd_impulse::DEF,
    &macdext::DEF,
    &macdfix::DEF,
    &mama::DEF,
    &marketfi::DEF,
    &massi::DEF,
    &mavp::DEF,
    &mcginley::DEF,
    &median_price::DEF,
    &mfi::DEF,
    &midpoint::DEF,
    &midprice::DEF,
    &minus_di::DEF,
    &minus_dm::DEF,
    &mom::DEF,
    &natr::DEF,
    &nvi::DEF,
    &obv::DEF,
    &opening_range::DEF,
    &pct_change::DEF,
    &percent_b::DEF,
    &percentrank::DEF,
    &permutation_entropy::DEF,
    &pi_cycle::DEF,
    &pivot_points::DEF,
    &plus_di::DEF,
    &plus_dm::DEF,
    &pmo::DEF,
    &ppo::DEF,
    &premier_stochastic::DEF,
    &pretty_good_oscillator::DEF,
    &previous::DEF,
    &previous_session::DEF,
    &price_zone_oscillator::DEF,
    &psychological_line::DEF,
    &pvi::DEF,
    &pvo::DEF,
    &pvt::DEF,
    &qqe::DEF,
    &qstick::DEF,
    &random_walk_index::DEF,
    &regression_channel::DEF,
    &relative_momentum_index::DEF,
    &relative_performance::DEF,
    &relative_vigor::DEF,
    &renko::DEF,
    &rising::DEF,
    &rma::DEF,
    &roc::DEF,
    &rocp::DEF,
    &rocr::DEF,
    &rocr100::DEF,
    &rolling_all::DEF,
    &rolling_any::DEF,
    &rolling_corr::DEF,
    &rolling_count::DEF,
    &rolling_covariance::DEF,
    &rolling_kurtosis::DEF,
    &rolling_max_drawdown::DEF,
    &rolling_median::DEF,
    &rolling_percent_rank::DEF,
    &rolling_percentile::DEF,
    &rolling_pivots::DEF,
    &rolling_range::DEF,
    &rolling_sharpe::DEF,
    &rolling_skewness::DEF,
    &rolling_sortino::DEF,
    &rolling_stddev::DEF,
    &rolling_sum::DEF,
    &rolling_variance::DEF,
    &roofing_filter::DEF,
    &rsi::DEF,
    &rvi::DEF,
    &rvol::DEF,
    &sar::DEF,
    &sarext::DEF,
    &session_gap::DEF,
    &session_range::DEF,
    &session_vwap::DEF,
    &sine_wma::DEF,
    &slope::DEF,
    &sma::DEF,
    &smi::DEF,
    &squeeze::DEF,
    &starc::DEF,
    &stc::DEF,
    &stochastic::DEF,
    &stochf::DEF,
    &stochrsi::DEF,
    &streak::DEF,
    &super_smoother::DEF,
    &supertrend::DEF,
    &swing_index::DEF,
    &symmetric_wma::DEF,
    &t3::DEF,
    &td_setup::DEF,
    &tema::DEF,
    &toggle::DEF,
    &trend_intensity_index::DEF,
    &trima::DEF,
    &trix::DEF,
    &true_range::DEF,
    &true_run::DEF,
    &tsf::DEF,
    &tsi::DEF,
    &twiggs_money_flow::DEF,
    &typical_price::DEF,
    &ulcer_index::DEF,
    &ultosc::DEF,
    &value_when::DEF,
    &variance_ratio::DEF,
    &vhf::DEF,
    &vidya::DEF,
    &volatility_stop::DEF,
    &volume_oscillator::DEF,
    &volume_zone_oscillator::DEF,
    &vortex::DEF,
    &vwap::DEF,
    &vwap_bands::DEF,
    &vwma::DEF,
    &wad::DEF,
    &wave_trend::DEF,
    &weighted_close::DEF,
    &williams_r::DEF,
    &wma::DEF,
    &zigzag::DEF,
    &zlema::DEF,
    &zscore::DEF,
];

/// Conditions that one pass gives together.
pub static TWINS: &[&Twins] = &[&crosses::TWINS];
