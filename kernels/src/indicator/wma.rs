//! Weighted moving average with linear weights.
//!
//! The oldest value of the window has the weight 1, the newest the weight `period`. A missing bar gives no value as
//! long as it is in the window. Equals TA-Lib `WMA`.

use super::def::*;
use super::state::{State, stream};
use crate::window::Weighted;

pub(super) static DEF: Indicator = Indicator {
    name: "wma",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("wma", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Weighted moving average: the newest value has the weight `period`, the oldest the weight 1.",
    formula: "sum(k * x[i-period+k] for k in 1..=period) / (period * (period + 1) / 2). No value while a missing bar is in the window.",
    source: "TA-Lib WMA",
    example: "SELECT ts, wma(close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| Weighted::new(params.period(0)).fill(inputs[0], &mut outputs[0]),
    flags: None,
    stream: stream::<Wma, 1, 1>,
};

struct Wma {
    average: Weighted,
}

impl State<1, 1> for Wma {
    fn new(params: &Params) -> Self {
        Wma { average: Weighted::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.average.step(x)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 6.0]], &[3.0]).unwrap();
        assert!((out[0][2] - 23.0 / 6.0).abs() < 1e-15);
    }
}
