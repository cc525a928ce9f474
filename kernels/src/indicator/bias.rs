//! Distance from the moving mean as a fraction of it.
//!
//! One hundred times it is the disparity index. A missing bar gives no value as long as it is in the window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Mean;

pub(super) static DEF: Indicator = Indicator {
    name: "bias",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 26, 1)],
    outputs: &[Output::number("bias", Unit::Ratio)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Distance from the moving mean as a fraction of it.",
    formula: "x / sma(x, period) - 1. No value while a missing bar is in the window.",
    source: "common definition, as pandas-ta bias; Nison, Beyond Candlesticks, 1994 (disparity index)",
    example: "SELECT ts, bias(close, 26) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Bias, 1, 1>,
    flags: None,
    stream: stream::<Bias, 1, 1>,
};

struct Bias {
    mean: Mean,
}

impl State<1, 1> for Bias {
    fn new(params: &Params) -> Self {
        Bias { mean: Mean::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [x / self.mean.step(x) - 1.0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 3.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [0.5, 0.0]);
    }
}
