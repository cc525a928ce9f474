//! The search space: grids, ranges of parameter values, and samples.

mod grid;
mod latin_hypercube;
mod law;
mod permutation;
mod random;
mod range;
mod sample;
mod sobol;
mod sobol_numbers;
mod stream;

pub use grid::Grid;
pub use law::{Drawn, Law};
pub use range::{MAX_VALUES, linspace, logspace, steps};
pub use sample::{MAX_DISTINCT, MAX_POINTS, Sample, Sampler};
pub use sobol::MAX_SOBOL_AXES;
