//! Average profit of the winning trades.

use super::def::*;
use super::stats::Sample;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "avg_win",
    summary: "Average profit of the winning trades.",
    unit: Unit::Quote,
    formula: "mean(pnl where pnl > 0). Undefined without a win.",
    source: "standard definition",
    example: "SELECT avg_win(pnl) FROM (VALUES (10.0), (-4.0), (3.0)) AS t(pnl)",
    kind: MetricKind::Float,
    needs: Needs::MONEY,
    compute: |s| (s.wins > 0).then(|| s.gross_profit / s.wins as f64),
    aggregate: Some(Aggregate {
        input: AggregateInput::Pnl,
        params: &[],
        compute: |rows, _| Sample::of(&rows.iter().copied().filter(|pnl| *pnl > 0.0).collect::<Vec<_>>()).mean(),
    }),
};
