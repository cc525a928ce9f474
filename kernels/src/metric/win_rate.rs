//! Share of winning trades.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "win_rate",
    summary: "Share of winning trades.",
    unit: Unit::Fraction,
    formula: "wins / trades. Undefined without trades.",
    source: "standard definition",
    example: "SELECT win_rate(pnl) FROM (VALUES (10.0), (-4.0), (3.0)) AS t(pnl)",
    kind: MetricKind::Float,
    needs: Needs::MONEY,
    compute: |s| (s.trades > 0).then(|| s.wins as f64 / s.trades as f64),
    aggregate: Some(Aggregate { input: AggregateInput::Pnl, params: &[], compute: of_column }),
};

fn of_column(rows: &[f64], _: &[f64]) -> Option<f64> {
    let wins = rows.iter().filter(|pnl| **pnl > 0.0).count();
    (!rows.is_empty()).then(|| wins as f64 / rows.len() as f64)
}
