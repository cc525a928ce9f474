//! Rate of change over `period` bars, as a ratio in percent.
//!
//! `100 * x[i] / x[i-period]`; zero where the earlier value is zero, as in TA-Lib. No value where either is missing.
//! Equals TA-Lib `ROCR100`.

use super::def::*;
use super::state::{State, compute_lagged, stream};
use crate::window::Delay;

pub(super) static DEF: Indicator = Indicator {
    name: "rocr100",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 10, 1)],
    outputs: &[Output::number("rocr100", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Rate of change over `period` bars, as a ratio in percent.",
    formula: "100 * x[i] / x[i-period], 0 where the earlier value is 0.",
    source: "TA-Lib ROCR100",
    example: "SELECT ts, rocr100(close, 10) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| compute_lagged(inputs[0], params.period(0), &mut outputs[0], rate),
    flags: None,
    stream: stream::<Rocr100, 1, 1>,
};

struct Rocr100 {
    delay: Delay,
}

impl State<1, 1> for Rocr100 {
    fn new(params: &Params) -> Self {
        Rocr100 { delay: Delay::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [rate(x, self.delay.step(x))]
    }
}

/// The rate from one value to another, zero where the earlier one is.
#[inline(always)]
fn rate(x: f64, earlier: f64) -> f64 {
    let rate = 100.0 * (x / earlier);
    if (earlier == 0.0) & !x.is_nan() { 0.0 } else { rate }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, 0.0, 1.0]], &[1.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [150.0, 0.0, 0.0]);
    }
}
