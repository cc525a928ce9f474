//! Indicators in SQL, below the functions themselves: signatures, markers, the rewriter and the operator.

mod adapter;
mod bitmap;
mod call;
mod drive;
mod exec;
mod marker;
mod past;
mod piece;
pub mod rewrite;
mod wave;
mod work;

pub use adapter::*;
pub use bitmap::{array_from_flags, flags_from_array, nulls_from_bits, true_in, words};
pub use call::{Call, Over};
pub use exec::{IndicatorExec, Pace};
pub use marker::{marked, marker_name, markers, no_order, without_markers};
