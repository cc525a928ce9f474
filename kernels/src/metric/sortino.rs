//! Sortino ratio: annualised mean excess return per unit of downside deviation.

use super::def::*;
use super::stats::{Sample, sum};
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "sortino",
    summary: "Sortino ratio: annualised mean excess return per unit of downside deviation.",
    unit: Unit::Ratio,
    formula: "mean(r - rf) / sqrt(sum(min(r - rf, 0)^2) / N) * sqrt(P), rf = risk_free / P. Undefined with fewer than two returns or without a return below rf.",
    source: "Sortino and Price (1994); full-sample downside deviation as empyrical",
    example: "SELECT sortino(ret, periods_per_year => 8760) FROM (SELECT pct_change(close) AS ret FROM synthetic_bars(500, '1h'))",
    kind: MetricKind::Float,
    needs: Needs::DOWNSIDE,
    compute: |s| ratio(&Sample::returns(s), s.sum_downside, s.periods_per_year?, s.risk_free),
    aggregate: Some(Aggregate {
        input: AggregateInput::Returns,
        params: &[PERIODS_PER_YEAR, RISK_FREE],
        compute: of_column,
    }),
};

fn of_column(rows: &[f64], params: &[f64]) -> Option<f64> {
    let rf = params[1] / params[0];
    let below = sum(rows.iter().map(|r| (r - rf).min(0.0)).map(|d| d * d));
    ratio(&Sample::of(rows), below, params[0], params[1])
}

fn ratio(returns: &Sample, downside: f64, periods_per_year: f64, risk_free: f64) -> Option<f64> {
    if returns.n < 2.0 || downside <= 0.0 {
        return None;
    }
    let excess = returns.mean()? - risk_free / periods_per_year;
    Some(excess / (downside / returns.n).sqrt() * periods_per_year.sqrt())
}
