//! Bars that touched both the stop and the target.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "ambiguous_bars",
    summary: "Bars that touched both the stop and the target.",
    unit: Unit::Bars,
    formula: "count of bars in which the order of the two is unknown; the option `intrabar` decided.",
    source: "standard definition",
    example: "SELECT ambiguous_bars FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Int,
    needs: Needs::NONE,
    compute: |s| Some(s.ambiguous_bars as f64),
    aggregate: None,
};
