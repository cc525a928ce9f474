//! Where a value lies between its Bollinger bands: 0 at the lower one, 1 at the upper one.
//!
//! No value where the bands have no distance, nor while a missing bar is in the window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Spread;

pub(super) static DEF: Indicator = Indicator {
    name: "percent_b",
    aliases: &[],
    family: Family::Volatility,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 20, 2), Param::float("width", 2.0, 0.001, 1000.0)],
    outputs: &[Output::number("percent_b", Unit::Ratio)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Where a value lies between its Bollinger bands, 0 at the lower and 1 at the upper one.",
    formula: "(x - lower) / (upper - lower) of bollinger(x, period, width). No value where the bands coincide.",
    source: "Bollinger, Bollinger on Bollinger Bands, 2001",
    example: "SELECT ts, percent_b(close, 20, 2.0) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<PercentB, 1, 1>,
    flags: None,
    stream: stream::<PercentB, 1, 1>,
};

struct PercentB {
    spread: Spread,
    len: f64,
    width: f64,
}

impl State<1, 1> for PercentB {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        PercentB { spread: Spread::new(period), len: period as f64, width: 2.0 * params.float(1) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [mean, squares] = self.spread.step(x);
        // Zero over zero is not a number, which is the answer.
        [0.5 + (x - mean) / (self.width * (squares / self.len).sqrt())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 3.0]], &[2.0, 1.0]).unwrap();
        assert_eq!(out[0][1], 1.0);
        assert!(out[0][2].is_nan(), "no deviation, no place");
    }
}
