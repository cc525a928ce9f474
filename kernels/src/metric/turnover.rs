//! Traded notional in units of the average equity.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "turnover",
    summary: "Traded notional in units of the average equity.",
    unit: Unit::Ratio,
    formula: "sum of the notional of all fills / mean(equity), over the whole range.",
    source: "common definition, not annualised",
    example: "SELECT turnover FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Float,
    needs: Needs::TURNOVER,
    compute: |s| (s.mean_equity > 0.0).then(|| s.traded_notional / s.mean_equity),
    aggregate: None,
};
