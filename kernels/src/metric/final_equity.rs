//! Equity after the last bar.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "final_equity",
    summary: "Equity after the last bar.",
    unit: Unit::Quote,
    formula: "equity at the close of the last bar, all positions closed.",
    source: "standard definition",
    example: "SELECT final_equity FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Float,
    needs: Needs::NONE,
    compute: |s| Some(s.final_equity),
    aggregate: None,
};
