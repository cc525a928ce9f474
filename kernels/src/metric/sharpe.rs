//! Sharpe ratio: annualised mean excess return per unit of its standard deviation.

use super::def::*;
use super::stats::Sample;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "sharpe",
    summary: "Sharpe ratio: annualised mean excess return per unit of its standard deviation.",
    unit: Unit::Ratio,
    formula: "mean(r - rf) / stddev(r, n - 1) * sqrt(P), rf = risk_free / P, P = periods_per_year. Undefined with fewer than two returns or without deviation.",
    source: "Sharpe (1994), The Sharpe Ratio; sample deviation as empyrical",
    example: "SELECT sharpe(ret, periods_per_year => 8760) FROM (SELECT pct_change(close) AS ret FROM synthetic_bars(500, '1h'))",
    kind: MetricKind::Float,
    needs: Needs::MOMENTS,
    compute: |s| ratio(&Sample::returns(s), s.periods_per_year?, s.risk_free),
    aggregate: Some(Aggregate {
        input: AggregateInput::Returns,
        params: &[PERIODS_PER_YEAR, RISK_FREE],
        compute: |rows, params| ratio(&Sample::of(rows), params[0], params[1]),
    }),
};

fn ratio(returns: &Sample, periods_per_year: f64, risk_free: f64) -> Option<f64> {
    let excess = returns.mean()? - risk_free / periods_per_year;
    Some(excess / returns.stddev()? * periods_per_year.sqrt())
}
