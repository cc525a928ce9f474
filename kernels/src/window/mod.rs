//! Shared primitives: state that is stepped value by value and the arithmetic that several indicators need.
//!
//! Windows are aggregated in blocks ([`Sliding`]) instead of by adding the new value and subtracting the old one. A
//! subtraction leaves the rounding error of every value that ever passed, so one price of `1e12` or one `NaN` would
//! spoil all later rows; here a value that has left the window has left no trace. Only the order of the additions, and
//! with it the last bit, depends on how far from the start of the series a bar lies.

mod aggregate;
mod average;
mod bar;
mod cascade;
mod delay;
mod directional;
mod ewm;
mod kaufman;
mod mean;
mod mesa;
mod place;
mod run;
mod sliding;
mod smoother;
mod total;
mod true_range;
mod weighted;

pub use aggregate::{Max, Min, Moments, Sum, Trend};
pub use average::{AVERAGES, Average, AverageKind, Late, Pair};
pub use bar::{is_negligible, typical_price};
pub use cascade::{Cascade, Double, Tillson, Triple, ZeroLag};
pub use delay::{Behind, Delay, Recent, Ring};
pub use directional::Directional;
pub use ewm::{AdjustedEwm, Ewm, EwmPair};
pub use kaufman::{Kaufman, Path, Way};
pub use mean::{Fit, Mean, Spread, moving_fit, moving_mean, moving_spread};
pub use mesa::Mesa;
pub use place::Place;
pub use run::Run;
pub use sliding::{Aggregate, Sliding, slide};
pub use smoother::Smoother;
pub use total::Total;
pub use true_range::true_range;
pub use weighted::{Hull, Triangular, Weighted};
