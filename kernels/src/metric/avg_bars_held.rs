//! Average number of bars that a trade lasts.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "avg_bars_held",
    summary: "Average number of bars that a trade lasts.",
    unit: Unit::Bars,
    formula: "mean(exit bar - entry bar). Undefined without trades.",
    source: "standard definition",
    example: "SELECT avg_bars_held FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Float,
    needs: Needs::NONE,
    compute: |s| (s.trades > 0).then(|| s.sum_bars_held as f64 / s.trades as f64),
    aggregate: None,
};
