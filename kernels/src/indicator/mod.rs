//! The indicators, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod def;

pub use def::*;

/// Every indicator, sorted by name.
pub static INDICATORS: &[&Indicator] = &[];
