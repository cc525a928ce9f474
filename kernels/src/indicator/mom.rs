//! Momentum: the change over `period` bars.
//!
//! `x - x[period bars ago]`; no value where either is missing. Equals TA-Lib `MOM`.

use super::def::*;
use super::state::{State, compute_lagged, stream};
use crate::window::Delay;

pub(super) static DEF: Indicator = Indicator {
    name: "mom",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 10, 1)],
    outputs: &[Output::number("mom", Unit::Price)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Momentum: the change over `period` bars.",
    formula: "x[i] - x[i-period].",
    source: "TA-Lib MOM",
    example: "SELECT ts, mom(close, 10) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| {
        compute_lagged(inputs[0], params.period(0), &mut outputs[0], |x, earlier| x - earlier)
    },
    flags: None,
    stream: stream::<Mom, 1, 1>,
};

struct Mom {
    delay: Delay,
}

impl State<1, 1> for Mom {
    fn new(params: &Params) -> Self {
        Mom { delay: Delay::new(params.period(0)) }
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
        let out = DEF.evaluate(&[&[1.0, 2.0, 4.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2], 3.0);
    }
}
