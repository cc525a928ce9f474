//! Shared primitives: state that is stepped value by value and the arithmetic that several indicators need.
//!
//! Windows are aggregated in blocks ([`Sliding`]) instead of by adding the new value and subtracting the old one. A
//! subtraction leaves the rounding error of every value that ever passed, so one price of `1e12` or one `NaN` would
//! spoil all later rows; here a value that has left the window has left no trace. Only the order of the additions, and
//! with it the last bit, depends on how far from the start of the series a bar lies.

mod aggregate;
mod anchored;
mod average;
mod bar;
mod blocks;
pub(crate) mod calendar;
mod candle;
mod cascade;
mod convergence;
mod cycle_phase;
mod delay;
mod deviations;
mod directional;
mod ewm;
mod extreme;
mod extremes;
mod fading;
mod filter;
mod gain_and_loss;
mod hilbert;
mod joint;
mod kaufman;
mod laguerre;
mod leader;
mod mama;
mod mean;
mod moving;
mod order;
mod parabolic;
mod path;
mod pivot_levels;
mod place_in_range;
mod ratchet;
mod room;
mod run;
mod series;
mod shape;
mod sine_sum;
mod sliding;
mod smoother;
#[cfg(target_arch = "x86_64")]
mod strides;
mod swings;
mod total;
mod true_range;
mod weighted;

pub use aggregate::{Max, Min, Moments, Sum, Sums, Trend};
pub use anchored::Anchored;
pub use average::{AVERAGES, Average, AverageKind, FastAndSlow, Late};
pub use bar::{any_nan, is_negligible, money_flow, typical_price};
pub use blocks::{PIECE, Plain};
pub use calendar::{DAY, Session, Sessions, month_index, month_start};
pub use candle::{Candle, Yardstick, mean_in_order};
pub use cascade::{Cascade, ZeroLag, double, thrice, tillson, triple};
pub use convergence::{Apart, Averages, Convergence, average};
pub use cycle_phase::{CyclePhase, CycleTrend};
pub use delay::{Behind, Delay, Recent, Ring};
pub use deviations::{Deviations, moving_deviations};
pub use directional::{Direction, Directional, Movements};
pub use ewm::{AdjustedEwm, Ewm, EwmPair};
pub use extreme::{Fall, Newest};
pub use extremes::{Channel, SincePeak};
pub use fading::{Fading, Fadings, VaryingFading};
pub use filter::{HighPass, LowPass};
pub use gain_and_loss::GainAndLoss;
pub use hilbert::{Cycle, Homodyne, Start, four_weights};
pub use joint::{Joint, Pair, correlation, every_pair, moving_correlation};
pub use kaufman::{Kaufman, Moves, Way};
pub use laguerre::Laguerre;
pub use leader::{Leader, moving_leader};
pub use mama::Mama;
pub use mean::{Fit, Mean, Spread, moving_mean};
pub use moving::{moving_age, moving_channel, moving_highest, moving_lowest};
pub use order::{Ranked, Ranks, Sorted};
pub use parabolic::{Pace, Parabolic, Stop};
pub use path::{Path, moving_path};
pub use pivot_levels::PivotKind;
pub use place_in_range::Place;
pub use ratchet::{Ratchet, Trail};
pub use room::{make_room, next_places};
pub use run::Run;
pub use series::{Runs, changes_from, copy_finite, every_mean, every_window, moving_column};
pub use shape::{Shape, Shaped};
pub use sine_sum::SineSum;
pub use sliding::{Aggregate, Sliding};
pub use smoother::Smoother;
pub use swings::{Swing, Swings};
pub use total::Total;
pub use true_range::{AverageRange, true_range, true_ranges};
pub use weighted::{Hull, OnLine, Triangular, Weighted};
