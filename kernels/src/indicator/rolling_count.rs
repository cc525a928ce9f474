//! Number of bars among the last `period` at which a condition is true.
//!
//! The current bar is one of them. A missing condition gives no value as long as it is among them.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Ladder, Sums};

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_count",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::bool("condition")],
    params: &[Param::required_period("period", 1)],
    outputs: &[Output::number("rolling_count", Unit::Bars)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Number of bars among the last `period` at which a condition is true.",
    formula: "sum(condition) over `period` bars. No value while a missing condition is among them.",
    source: "common definition",
    example: "SELECT ts, rolling_count(close > open, 5) AS n FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RollingCount, 1, 1>,
    flags: None,
    stream: stream::<RollingCount, 1, 1>,
};

struct RollingCount {
    window: Ladder<Sums, 1, 1>,
}

impl State<1, 1> for RollingCount {
    fn new(params: &Params) -> Self {
        RollingCount { window: Ladder::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [condition]: [f64; 1]) -> [f64; 1] {
        self.window.push([condition])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[0.0, 1.0, 0.0, 0.0, f64::NAN]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan() && out[0][4].is_nan());
        assert_eq!(out[0][1..4], [1.0, 1.0, 0.0]);
    }
}
