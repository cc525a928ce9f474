//! Largest profit of a trade.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "best_trade",
    summary: "Largest profit of a trade.",
    unit: Unit::Quote,
    formula: "max(pnl). Undefined without trades.",
    source: "standard definition",
    example: "SELECT best_trade(pnl) FROM (VALUES (10.0), (-4.0), (3.0)) AS t(pnl)",
    kind: MetricKind::Float,
    needs: Needs::MONEY,
    compute: |s| Some(s.best_pnl),
    aggregate: Some(Aggregate {
        input: AggregateInput::Pnl,
        params: &[],
        compute: |rows, _| rows.iter().copied().reduce(f64::max),
    }),
};
