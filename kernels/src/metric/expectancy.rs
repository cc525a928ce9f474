//! Average profit of a trade.

use super::def::*;
use super::stats::Sample;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "expectancy",
    summary: "Average profit of a trade.",
    unit: Unit::Quote,
    formula: "mean(pnl). Undefined without trades.",
    source: "standard definition",
    example: "SELECT expectancy(pnl) FROM (VALUES (10.0), (-4.0), (3.0)) AS t(pnl)",
    kind: MetricKind::Float,
    needs: Needs::MONEY,
    compute: |s| Sample::pnl(s).mean(),
    aggregate: Some(Aggregate { input: AggregateInput::Pnl, params: &[], compute: |rows, _| Sample::of(rows).mean() }),
};
