//! Shared primitives: state that is stepped value by value and the arithmetic that several indicators need.
//!
//! Windows are aggregated in blocks ([`Sliding`]) instead of by adding the new value and subtracting the old one. A
//! subtraction leaves the rounding error of every value that ever passed, so one price of `1e12` or one `NaN` would
//! spoil all later rows; here a value that has left the window has left no trace. Only the order of the additions, and
//! with it the last bit, depends on how far from the start of the series a bar lies.

mod aggregate;
mod bar;
mod delay;
mod deviations;
mod directional;
mod ewm;
mod extremes;
mod mean;
mod parabolic;
mod path;
mod ratchet;
mod series;
mod sliding;
mod smoother;
mod swings;
mod total;
mod true_range;

pub use aggregate::{Max, Min, Moments, Sum, Sums, Trend};
pub use bar::{is_negligible, typical_price};
pub use delay::{Delay, Ring};
pub use deviations::{Deviations, moving_deviations};
pub use directional::{Directional, Movements};
pub use ewm::Ewm;
pub use extremes::{Channel, SincePeak};
pub use mean::{Fit, Mean, Spread, moving_mean};
pub use parabolic::{Pace, Parabolic, Stop};
pub use path::{Path, moving_path};
pub use ratchet::{Ratchet, Trail};
pub use series::{MovingMean, MovingSum, PIECE, moving_channel};
pub use sliding::{Aggregate, Sliding};
pub use smoother::Smoother;
pub use swings::{Swing, Swings};
pub use total::Total;
pub use true_range::{AverageRange, true_range};
