//! Profit after fees.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "net_profit",
    summary: "Profit after fees.",
    unit: Unit::Quote,
    formula: "final_equity - initial_capital.",
    source: "standard definition",
    example: "SELECT net_profit FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Float,
    needs: Needs::NONE,
    compute: |s| Some(s.final_equity - s.initial_capital),
    aggregate: None,
};
