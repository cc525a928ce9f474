//! Smallest profit of a trade.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "worst_trade",
    summary: "Smallest profit of a trade.",
    unit: Unit::Quote,
    formula: "min(pnl). Undefined without trades.",
    source: "standard definition",
    example: "SELECT worst_trade(pnl) FROM (VALUES (10.0), (-4.0), (3.0)) AS t(pnl)",
    kind: MetricKind::Float,
    needs: Needs::MONEY,
    compute: |s| Some(s.worst_pnl),
    aggregate: Some(Aggregate {
        input: AggregateInput::Pnl,
        params: &[],
        compute: |rows, _| rows.iter().copied().reduce(f64::min),
    }),
};
