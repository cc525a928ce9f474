//! Longest time under water.

use super::def::*;
use super::stats::drawdown;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "max_drawdown_bars",
    summary: "Longest time under water.",
    unit: Unit::Bars,
    formula: "largest number of bars in a row whose equity is below the peak before them.",
    source: "standard definition",
    example: "SELECT max_drawdown_bars(close ORDER BY ts) FROM synthetic_bars(500, '1h')",
    kind: MetricKind::Int,
    needs: Needs::DRAWDOWN,
    compute: |s| Some(s.max_drawdown_bars as f64),
    aggregate: Some(Aggregate {
        input: AggregateInput::Equity,
        params: &[],
        compute: |rows, _| drawdown(rows).map(|(_, longest)| longest as f64),
    }),
};
