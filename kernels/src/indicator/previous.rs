//! The value some bars ago, by default on the previous bar.
//!
//! `x[period bars ago]`; no value on the first `period` bars and where that one is missing.

use super::def::*;
use super::state::{State, compute_lagged, stream};
use crate::window::Delay;

pub(super) static DEF: Indicator = Indicator {
    name: "previous",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 1, 1)],
    outputs: &[Output::number("previous", Unit::Price)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[Exception::ReachesBack],
    summary: "The value `period` bars ago.",
    formula: "x[i-period].",
    source: "SQL lag(x, period) over the bars of one series",
    example: "SELECT ts, close > previous(highest(high, 20)) AS breakout FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| {
        compute_lagged(inputs[0], params.period(0), &mut outputs[0], |_, earlier| earlier);
    },
    flags: None,
    stream: stream::<Previous, 1, 1>,
};

struct Previous {
    delay: Delay,
}

impl State<1, 1> for Previous {
    fn new(params: &Params) -> Self {
        Previous { delay: Delay::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.delay.step(x)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 4.0]], &[2.0]).unwrap();
        assert!(out[0][..2].iter().all(|v| v.is_nan()));
        assert_eq!(out[0][2], 1.0);
    }
}
