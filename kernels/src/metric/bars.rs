//! Number of bars in the trading range.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "bars",
    summary: "Number of bars in the trading range.",
    unit: Unit::Bars,
    formula: "count.",
    source: "standard definition",
    example: "SELECT bars FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Int,
    needs: Needs::NONE,
    compute: |s| Some(s.bars as f64),
    aggregate: None,
};
