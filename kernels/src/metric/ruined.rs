//! Whether the equity was used up.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "ruined",
    summary: "Whether the equity was used up.",
    unit: Unit::Flag,
    formula: "equity <= 0 at some close or exit; no trading after it.",
    source: "standard definition",
    example: "SELECT ruined FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Bool,
    needs: Needs::NONE,
    compute: |s| Some(f64::from(u8::from(s.ruined))),
    aggregate: None,
};
