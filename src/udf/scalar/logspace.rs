//! `logspace(start, stop, n)`: numbers at equal ratios, both ends included.

use datafusion::logical_expr::ScalarUDF;

use super::spaced::Spaced;

pub(super) fn udf() -> ScalarUDF {
    ScalarUDF::new_from_impl(Spaced::new(
        "logspace",
        threadx_kernels::search::logspace,
        "`n` numbers from `start` to `stop`, both included, at equal ratios; both ends are above zero.",
    ))
}
