//! Number of winning trades.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "wins",
    summary: "Number of winning trades.",
    unit: Unit::Count,
    formula: "count of trades with pnl > 0.",
    source: "standard definition",
    example: "SELECT wins(pnl) FROM (VALUES (10.0), (-4.0), (3.0)) AS t(pnl)",
    kind: MetricKind::Int,
    needs: Needs::MONEY,
    compute: |s| Some(s.wins as f64),
    aggregate: Some(Aggregate {
        input: AggregateInput::Pnl,
        params: &[],
        compute: |rows, _| Some(rows.iter().filter(|pnl| **pnl > 0.0).count() as f64),
    }),
};
