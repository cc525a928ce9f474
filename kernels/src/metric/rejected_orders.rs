//! Entries that were rejected.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "rejected_orders",
    summary: "Entries that were rejected.",
    unit: Unit::Count,
    formula: "count; `orders(...)` has the reasons.",
    source: "standard definition",
    example: "SELECT rejected_orders FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Int,
    needs: Needs::NONE,
    compute: |s| Some(s.rejected_orders as f64),
    aggregate: None,
};
