//! empyrical: annual growth by the number of returns instead of elapsed time.

use super::def::*;
use crate::metric::stats::{annual_growth_of, drawdown};

pub(super) static DEF: Convention = Convention {
    name: "empyrical",
    summary: "empyrical over the returns of the bars: annual growth by the number of returns. Other ratios are as ours.",
    source: "empyrical-reloaded 0.5 to 0.7, stats",
    variants: &[
        Variant {
            metric: "cagr",
            formula: "(last equity / first equity)^(P / N) - 1, P = periods_per_year, N = number of returns",
            compute: |run| annual_growth_of(&run.curve.equity, run.summary.periods_per_year?),
            aggregate: None,
        },
        Variant {
            metric: "calmar",
            formula: "cagr / |max_drawdown| with that cagr, the first equity is the first peak",
            compute: |run| calmar(run, annual_growth_of(&run.curve.equity, run.summary.periods_per_year?)?),
            aggregate: None,
        },
    ],
};

/// Growth per unit of the deepest fall from a peak, of which the first equity is the first.
pub(super) fn calmar(run: &Run, growth: f64) -> Option<f64> {
    let (deepest, _) = drawdown(&run.curve.equity)?;
    (deepest < 0.0).then(|| growth / -deepest)
}
