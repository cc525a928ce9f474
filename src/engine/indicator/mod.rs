//! Indicators in SQL, below the functions themselves: signatures, markers and the rewriter.

mod adapter;
mod marker;
pub mod rewrite;

pub use adapter::*;
pub use marker::{marked, marker_name, markers, no_order, without_markers};
