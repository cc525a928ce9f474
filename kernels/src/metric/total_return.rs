//! Change of the equity over the whole range.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "total_return",
    summary: "Change of the equity over the whole range.",
    unit: Unit::Fraction,
    formula: "final_equity / initial_capital - 1; of a column: last / first - 1.",
    source: "standard definition",
    example: "SELECT total_return(close ORDER BY ts) FROM synthetic_bars(500, '1h')",
    kind: MetricKind::Float,
    needs: Needs::NONE,
    compute: |s| Some(s.final_equity / s.initial_capital - 1.0),
    aggregate: Some(Aggregate {
        input: AggregateInput::Equity,
        params: &[],
        compute: |rows, _| Some(rows.last()? / rows.first()? - 1.0),
    }),
};
