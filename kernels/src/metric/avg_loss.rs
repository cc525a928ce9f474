//! Average loss of the losing trades.

use super::def::*;
use super::stats::Sample;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "avg_loss",
    summary: "Average loss of the losing trades.",
    unit: Unit::Quote,
    formula: "mean(pnl where pnl <= 0), never above 0. Undefined without a loss.",
    source: "standard definition",
    example: "SELECT avg_loss(pnl) FROM (VALUES (10.0), (-4.0), (3.0)) AS t(pnl)",
    kind: MetricKind::Float,
    needs: Needs::MONEY,
    compute: |s| (s.trades > s.wins).then(|| s.gross_loss / (s.trades - s.wins) as f64),
    aggregate: Some(Aggregate {
        input: AggregateInput::Pnl,
        params: &[],
        compute: |rows, _| Sample::of(&rows.iter().copied().filter(|pnl| *pnl <= 0.0).collect::<Vec<_>>()).mean(),
    }),
};
