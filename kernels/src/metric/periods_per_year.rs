//! Bars per year used to annualise.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "periods_per_year",
    summary: "Bars per year used to annualise.",
    unit: Unit::Ratio,
    formula: "if at least 90 % of the calendar grid is present its bars per 365-day year, otherwise observed bars per 365.25-day year; the option of the same name overrides.",
    source: "standard definition",
    example: "SELECT periods_per_year FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Float,
    needs: Needs::NONE,
    compute: |s| s.periods_per_year,
    aggregate: None,
};
