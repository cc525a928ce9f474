//! Change over `period` bars, by default since the previous one.
//!
//! `x - x[period bars ago]`; no value where either is missing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Delay;

pub(super) static DEF: Indicator = Indicator {
    name: "change",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 1, 1)],
    outputs: &[Output::number("change", Unit::Price)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Change since the bar `period` bars ago.",
    formula: "x[i] - x[i-period].",
    source: "first difference, as pandas diff(period)",
    example: "SELECT ts, change(close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Change, 1, 1>,
    flags: None,
    stream: stream::<Change, 1, 1>,
};

struct Change {
    delay: Delay,
}

impl State<1, 1> for Change {
    fn new(params: &Params) -> Self {
        Change { delay: Delay::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [x - self.delay.step(x)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 4.0]], &[1.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [1.0, 2.0]);
    }
}
