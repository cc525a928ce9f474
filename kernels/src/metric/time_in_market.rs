//! Share of the bars inside which a position was open.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "time_in_market",
    summary: "Share of the bars inside which a position was open.",
    unit: Unit::Fraction,
    formula: "bars with a position / bars.",
    source: "standard definition",
    example: "SELECT time_in_market FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Float,
    needs: Needs::NONE,
    compute: |s| (s.bars > 0).then(|| s.bars_in_market as f64 / s.bars as f64),
    aggregate: None,
};
