//! Shared primitives: state that is stepped value by value and the arithmetic that several indicators need.
//!
//! Windows are aggregated in blocks ([`Sliding`]) instead of by adding the new value and subtracting the old one. A
//! subtraction leaves the rounding error of every value that ever passed, so one price of `1e12` or one `NaN` would
//! spoil all later rows; here a value that has left the window has left no trace. Only the order of the additions, and
//! with it the last bit, depends on how far from the start of the series a bar lies.

mod aggregate;
mod bar;
mod delay;
mod directional;
mod ewm;
mod extreme;
mod mean;
mod sliding;
mod smoother;
mod total;
mod true_range;

pub use aggregate::{Max, Min, Moments, Sum, Trend};
pub use bar::{is_negligible, typical_price};
pub use delay::{Delay, Ring};
pub use directional::Directional;
pub use ewm::Ewm;
pub use extreme::{Fall, Newest};
pub use mean::{Fit, Mean, Spread, moving_mean};
pub use sliding::{Aggregate, Sliding};
pub use smoother::Smoother;
pub use total::Total;
pub use true_range::true_range;
