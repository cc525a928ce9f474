//! Fees paid.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "fees",
    summary: "Fees paid.",
    unit: Unit::Quote,
    formula: "sum of the fees of all fills.",
    source: "standard definition",
    example: "SELECT fees FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Float,
    needs: Needs::MONEY,
    compute: |s| Some(s.fees),
    aggregate: None,
};
