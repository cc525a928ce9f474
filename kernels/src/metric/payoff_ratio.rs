//! Average win per unit of average loss.

use super::def::*;
use super::stats::sum;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "payoff_ratio",
    summary: "Average win per unit of average loss.",
    unit: Unit::Ratio,
    formula: "avg_win / |avg_loss|. Undefined without a win or without a loss.",
    source: "standard definition",
    example: "SELECT payoff_ratio(pnl) FROM (VALUES (10.0), (-4.0), (3.0)) AS t(pnl)",
    kind: MetricKind::Float,
    needs: Needs::MONEY,
    compute: |s| ratio(s.gross_profit, s.wins, s.gross_loss, s.trades - s.wins),
    aggregate: Some(Aggregate { input: AggregateInput::Pnl, params: &[], compute: of_column }),
};

fn of_column(rows: &[f64], _: &[f64]) -> Option<f64> {
    let part = |wins: bool| rows.iter().copied().filter(move |pnl| (*pnl > 0.0) == wins);
    ratio(sum(part(true)), part(true).count(), sum(part(false)), part(false).count())
}

fn ratio(profit: f64, wins: usize, loss: f64, losses: usize) -> Option<f64> {
    (wins > 0 && loss < 0.0).then(|| (profit / wins as f64) / (-loss / losses as f64))
}
