//! Change of the price over the whole range.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "buy_and_hold_return",
    summary: "Change of the price over the whole range: what holding would have earned, without costs.",
    unit: Unit::Fraction,
    formula: "last close / first close - 1. Undefined with fewer than two bars",
    source: "standard definition",
    example: "SELECT total_return, buy_and_hold_return FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Float,
    needs: Needs::NONE,
    compute: |s| Some(s.market_return),
    aggregate: None,
};
