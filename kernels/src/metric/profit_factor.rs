//! Gross profit per unit of gross loss.

use super::def::*;
use super::stats::sum;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "profit_factor",
    summary: "Gross profit per unit of gross loss.",
    unit: Unit::Ratio,
    formula: "sum of the positive pnl / |sum of the others|. Undefined without a loss.",
    source: "standard definition",
    example: "SELECT profit_factor(pnl) FROM (VALUES (10.0), (-4.0), (3.0)) AS t(pnl)",
    kind: MetricKind::Float,
    needs: Needs::MONEY,
    compute: |s| ratio(s.gross_profit, s.gross_loss),
    aggregate: Some(Aggregate { input: AggregateInput::Pnl, params: &[], compute: of_column }),
};

fn of_column(rows: &[f64], _: &[f64]) -> Option<f64> {
    let part = |wins: bool| sum(rows.iter().copied().filter(|pnl| (*pnl > 0.0) == wins));
    ratio(part(true), part(false))
}

fn ratio(profit: f64, loss: f64) -> Option<f64> {
    (loss < 0.0).then(|| profit / -loss)
}
