//! Number of round trips.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "trades",
    summary: "Number of round trips.",
    unit: Unit::Count,
    formula: "count of closed positions.",
    source: "standard definition",
    example: "SELECT trades FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Int,
    needs: Needs::NONE,
    compute: |s| Some(s.trades as f64),
    aggregate: None,
};
