//! The search space: grids and ranges of parameter values.

mod grid;
mod range;

pub use grid::Grid;
pub use range::{linspace, logspace, steps};
