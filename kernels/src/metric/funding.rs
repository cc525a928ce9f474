//! Funding paid less funding received.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "funding",
    summary: "Funding paid less funding received.",
    unit: Unit::Quote,
    formula: "sum over the funding times in positions of rate * notional, negative for short positions.",
    source: "standard definition",
    example: "SELECT funding FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Float,
    needs: Needs::NONE,
    compute: |s| Some(s.funding),
    aggregate: None,
};
