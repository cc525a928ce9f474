//! `linspace(start, stop, n)`: evenly spaced numbers, both ends included.

use datafusion::logical_expr::ScalarUDF;

use super::spaced::Spaced;

pub(super) fn udf() -> ScalarUDF {
    ScalarUDF::new_from_impl(Spaced::new(
        "linspace",
        threadx_kernels::search::linspace,
        "`n` numbers from `start` to `stop`, both included, at equal distances.",
    ))
}
