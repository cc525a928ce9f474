//! Compound annual growth rate.

use super::def::*;
use super::stats::{annual_growth, annual_growth_of, years};
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "cagr",
    summary: "Compound annual growth rate.",
    unit: Unit::Fraction,
    formula: "(final_equity / initial_capital)^(1 / years) - 1 with years of 365.25 days between the first and the last bar; of a column: years = (rows - 1) / periods_per_year. Undefined without elapsed time.",
    source: "empyrical cagr, with elapsed time instead of a bar count",
    example: "SELECT cagr(close, periods_per_year => 8760 ORDER BY ts) FROM synthetic_bars(500, '1h')",
    kind: MetricKind::Float,
    needs: Needs::NONE,
    compute: |s| annual_growth(s.final_equity / s.initial_capital, years(s)),
    aggregate: Some(Aggregate {
        input: AggregateInput::Equity,
        params: &[PERIODS_PER_YEAR],
        compute: |rows, params| annual_growth_of(rows, params[0]),
    }),
};
