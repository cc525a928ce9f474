//! How far the returns follow those of the market.

use super::def::*;
use super::stats::Joint;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "beta",
    summary: "How far the returns follow those of the market, which is holding the same series.",
    unit: Unit::Ratio,
    formula: "cov(r, m) / var(m), m = close / previous close - 1 of the same bars: the slope of the least squares line. Undefined with fewer than two returns or where m has no deviation.",
    source: "Sharpe (1964), Capital Asset Prices; per bar as empyrical beta",
    example: "SELECT alpha, beta FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Float,
    needs: Needs::MARKET,
    compute: |s| Joint::of(s).slope(),
    aggregate: None,
};
