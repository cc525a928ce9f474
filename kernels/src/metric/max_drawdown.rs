//! Deepest fall of the equity from its peak.

use super::def::*;
use super::stats::drawdown;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "max_drawdown",
    summary: "Deepest fall of the equity from its peak.",
    unit: Unit::Fraction,
    formula: "min(equity / peak - 1), never above 0; the initial capital is the first peak, of a column the first row.",
    source: "empyrical max_drawdown",
    example: "SELECT max_drawdown(close ORDER BY ts) FROM synthetic_bars(500, '1h')",
    kind: MetricKind::Float,
    needs: Needs::DRAWDOWN,
    compute: |s| Some(s.max_drawdown),
    aggregate: Some(Aggregate {
        input: AggregateInput::Equity,
        params: &[],
        compute: |rows, _| drawdown(rows).map(|(deepest, _)| deepest),
    }),
};
