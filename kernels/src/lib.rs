//! Numeric kernels of ThreadX: indicators, metrics, the trade simulator and parameter grids.
//!
//! Everything here is a pure function of slices: no Arrow, no SQL, no I/O, no clock, and randomness only from a seed
//! argument. A missing value is `NaN` on the way in and on the way out; the SQL layer maps it to and from `NULL`.
//!
//! | room | what it holds |
//! |---|---|
//! | [`bits`] | conditions, one bit per bar |
//! | [`formula`] | arithmetic, comparisons and logic over columns |
//! | [`window`] | shared primitives: moving sums, extrema, smoothers |
//! | [`indicator`] | one file per indicator, and the [`INDICATORS`](indicator::INDICATORS) registry |
//! | [`metric`] | one file per metric, and the [`METRICS`](metric::METRICS) registry |
//! | [`sim`] | the trade simulator |
//! | [`search`] | parameter grids and samples |
//! | [`series`] | checks, content hash and resampling of whole series |
//! | [`eight`] | one number or eight side by side, by the same formula |
//! | [`simd`] | vector instructions, chosen at run time |

pub mod bits;
pub mod eight;
pub mod formula;
pub mod indicator;
pub mod metric;
mod quotient;
pub mod search;
pub mod series;
pub mod sim;
pub mod simd;
pub mod window;
