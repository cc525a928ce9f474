//! Annualised standard deviation of the returns.

use super::def::*;
use super::stats::Sample;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "volatility",
    summary: "Annualised standard deviation of the returns.",
    unit: Unit::Fraction,
    formula: "stddev(r, n - 1) * sqrt(P). Undefined with fewer than two returns or without deviation.",
    source: "empyrical annual_volatility",
    example: "SELECT volatility(ret, periods_per_year => 8760) FROM (SELECT pct_change(close) AS ret FROM synthetic_bars(500, '1h'))",
    kind: MetricKind::Float,
    needs: Needs::MOMENTS,
    compute: |s| Some(Sample::returns(s).stddev()? * s.periods_per_year?.sqrt()),
    aggregate: Some(Aggregate {
        input: AggregateInput::Returns,
        params: &[PERIODS_PER_YEAR],
        compute: |rows, params| Some(Sample::of(rows).stddev()? * params[0].sqrt()),
    }),
};
