//! Relative change over `period` bars, as a fraction.
//!
//! `x / x[period bars ago] - 1`; no value where either is missing or the earlier one is zero.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Delay;

pub(super) static DEF: Indicator = Indicator {
    name: "pct_change",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 1, 1)],
    outputs: &[Output::number("pct_change", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Relative change since the bar `period` bars ago, as a fraction.",
    formula: "x[i] / x[i-period] - 1. No value where the earlier value is 0.",
    source: "pandas pct_change(period)",
    example: "SELECT ts, pct_change(close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<PctChange, 1, 1>,
    flags: None,
    stream: stream::<PctChange, 1, 1>,
};

struct PctChange {
    delay: Delay,
}

impl State<1, 1> for PctChange {
    fn new(params: &Params) -> Self {
        PctChange { delay: Delay::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let earlier = self.delay.step(x);
        [if earlier == 0.0 { f64::NAN } else { x / earlier - 1.0 }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, 0.0, 1.0]], &[1.0]).unwrap();
        assert_eq!(out[0][1..3], [0.5, -1.0]);
        assert!(out[0][3].is_nan());
    }
}
