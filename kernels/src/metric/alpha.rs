//! What the returns are above what their beta explains.

use super::def::*;
use super::stats::Joint;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "alpha",
    summary: "Return per year above what following the market explains.",
    unit: Unit::Fraction,
    formula: "(mean(r - rf) - beta * mean(m - rf)) * P, rf = risk_free / P, m = close / previous close - 1 of the same bars. Undefined where beta is.",
    source: "Jensen (1968), The Performance of Mutual Funds; per bar as empyrical alpha, which compounds it to a year instead",
    example: "SELECT alpha, beta FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Float,
    needs: Needs::MARKET,
    compute: |s| {
        let (joint, periods) = (Joint::of(s), s.periods_per_year?);
        let rf = s.risk_free / periods;
        let excess = joint.returns.mean()? - rf;
        Some((excess - joint.slope()? * (joint.market.mean()? - rf)) * periods)
    },
    aggregate: None,
};
