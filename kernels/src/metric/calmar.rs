//! Calmar ratio: annual growth per unit of the deepest drawdown.

use super::def::*;
use super::stats::{annual_growth, annual_growth_of, drawdown, years};
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "calmar",
    summary: "Calmar ratio: annual growth per unit of the deepest drawdown.",
    unit: Unit::Ratio,
    formula: "cagr / |max_drawdown|. Undefined without a drawdown.",
    source: "Young (1991), Calmar ratio, over the whole range",
    example: "SELECT calmar(close, periods_per_year => 8760 ORDER BY ts) FROM synthetic_bars(500, '1h')",
    kind: MetricKind::Float,
    needs: Needs::DRAWDOWN,
    compute: |s| ratio(annual_growth(s.final_equity / s.initial_capital, years(s))?, s.max_drawdown),
    aggregate: Some(Aggregate {
        input: AggregateInput::Equity,
        params: &[PERIODS_PER_YEAR],
        compute: |rows, params| ratio(annual_growth_of(rows, params[0])?, drawdown(rows)?.0),
    }),
};

fn ratio(growth: f64, max_drawdown: f64) -> Option<f64> {
    (max_drawdown < 0.0).then(|| growth / -max_drawdown)
}
