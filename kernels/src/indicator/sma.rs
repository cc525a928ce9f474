//! Simple moving average.
//!
//! The mean of the last `period` values; the first value comes with bar `period`. A missing bar gives no value as long
//! as it is in the window. Equals TA-Lib `SMA`; equal values have exactly that value as their average.

use super::def::*;
use super::state::{State, stream};
use crate::window::{Mean, moving_mean};

pub(super) static DEF: Indicator = Indicator {
    name: "sma",
    aliases: &["rolling_mean"],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("sma", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Simple moving average: the mean of the last `period` values.",
    formula: "sum(x[i-period+1..=i]) / period. No value while a missing bar is in the window.",
    source: "TA-Lib SMA",
    example: "SELECT ts, sma(close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| moving_mean(inputs[0], params.period(0), &mut outputs[0]),
    flags: None,
    stream: stream::<Sma, 1, 1>,
};

struct Sma {
    mean: Mean,
}

impl State<1, 1> for Sma {
    fn new(params: &Params) -> Self {
        Sma { mean: Mean::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.mean.step(x)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 4.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [1.5, 2.5, 3.5]);
    }
}
