//! What borrowing cost short positions.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "borrow",
    summary: "What borrowing cost short positions.",
    unit: Unit::Quote,
    formula: "sum over the bars of short positions of borrow_bps * 1e-4 / periods_per_year * notional.",
    source: "standard definition",
    example: "SELECT borrow FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Float,
    needs: Needs::NONE,
    compute: |s| Some(s.borrow),
    aggregate: None,
};
