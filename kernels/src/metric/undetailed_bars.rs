//! Bars in which a level was reached, but which no finer bars decided although `detail` asks for them.

use super::def::*;
use crate::sim::Needs;

pub(super) static DEF: Metric = Metric {
    name: "undetailed_bars",
    summary: "Bars in which a level was reached, but which no finer bars decided although `detail` asks for them.",
    unit: Unit::Bars,
    formula: "number of exits inside bars that fell back to the `intrabar` rule.",
    source: "standard definition",
    example: "SELECT undetailed_bars FROM backtest('DEMO', '1h', bb_atr())",
    kind: MetricKind::Int,
    needs: Needs::NONE,
    compute: |s| Some(s.undetailed_bars as f64),
    aggregate: None,
};
