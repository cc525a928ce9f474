//! Indicators in SQL, below the functions themselves: signatures, markers and the rewriter.

mod adapter;
mod bitmap;
mod marker;
pub mod rewrite;

pub use adapter::*;
pub use bitmap::flags_from_array;
pub use marker::{marked, marker_name, markers, no_order, without_markers};
