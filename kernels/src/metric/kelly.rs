//! Kelly fraction: the share of equity that maximises the growth of such trades.

use super::def::*;
use super::stats::sum;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "kelly",
    summary: "Kelly fraction: the share of equity that maximises the growth of such trades.",
    unit: Unit::Fraction,
    formula: "win_rate - (1 - win_rate) / payoff_ratio. Undefined without a win or without a loss.",
    source: "Kelly (1956), A New Interpretation of Information Rate",
    example: "SELECT kelly(pnl) FROM (VALUES (10.0), (-4.0), (3.0)) AS t(pnl)",
    kind: MetricKind::Float,
    needs: Needs::MONEY,
    compute: |s| fraction(s.gross_profit, s.wins, s.gross_loss, s.trades - s.wins),
    aggregate: Some(Aggregate { input: AggregateInput::Pnl, params: &[], compute: of_column }),
};

fn of_column(rows: &[f64], _: &[f64]) -> Option<f64> {
    let part = |wins: bool| rows.iter().copied().filter(move |pnl| (*pnl > 0.0) == wins);
    fraction(sum(part(true)), part(true).count(), sum(part(false)), part(false).count())
}

fn fraction(profit: f64, wins: usize, loss: f64, losses: usize) -> Option<f64> {
    if wins == 0 || loss >= 0.0 {
        return None;
    }
    let win_rate = wins as f64 / (wins + losses) as f64;
    let payoff = (profit / wins as f64) / (-loss / losses as f64);
    Some(win_rate - (1.0 - win_rate) / payoff)
}
