//! System quality number.

use super::def::*;
use super::stats::Sample;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "sqn",
    summary: "System quality number.",
    unit: Unit::Ratio,
    formula: "sqrt(trades) * mean(pnl) / stddev(pnl, n - 1). Undefined with fewer than two trades or without deviation.",
    source: "Tharp (2008), Definitive Guide to Position Sizing",
    example: "SELECT sqn(pnl) FROM (VALUES (10.0), (-4.0), (3.0)) AS t(pnl)",
    kind: MetricKind::Float,
    needs: Needs::MONEY,
    compute: |s| number(&Sample::pnl(s)),
    aggregate: Some(Aggregate {
        input: AggregateInput::Pnl,
        params: &[],
        compute: |rows, _| number(&Sample::of(rows)),
    }),
};

fn number(pnl: &Sample) -> Option<f64> {
    Some(pnl.n.sqrt() * pnl.mean()? / pnl.stddev()?)
}
