//! Scalar functions, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod at_series;
mod at_timeframe;
mod linspace;
mod logspace;
mod spaced;

use datafusion::logical_expr::ScalarUDF;

/// Makes every scalar function, sorted by name.
pub static SCALAR_FUNCTIONS: &[fn() -> ScalarUDF] = &[at_series::udf, at_timeframe::udf, linspace::udf, logspace::udf];
