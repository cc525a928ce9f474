//! Value of the least-squares line at the first bar of the window.
//!
//! The line is fitted to the last `period` values. A missing bar gives no value as long as it is in the window. Equal
//! values give exactly a flat line. Equals TA-Lib `LINEARREG_INTERCEPT`.

use super::def::*;
use super::state::{State, stream};
use crate::window::OnLine;

pub(super) static DEF: Indicator = Indicator {
    name: "linear_regression_intercept",
    aliases: &["linearreg_intercept"],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("linear_regression_intercept", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Value of the least-squares line at the first bar of the window.",
    formula: "a of the line a + b * k fitted to x[i-period+1+k] for k in 0..period.",
    source: "TA-Lib LINEARREG_INTERCEPT",
    example: "SELECT ts, linear_regression_intercept(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| OnLine::at_start(params.period(0)).fill(inputs[0], &mut outputs[0]),
    flags: None,
    stream: stream::<LinearRegressionIntercept, 1, 1>,
};

struct LinearRegressionIntercept(OnLine);

impl State<1, 1> for LinearRegressionIntercept {
    fn new(params: &Params) -> Self {
        LinearRegressionIntercept(OnLine::at_start(params.period(0)))
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.0.step(x)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 6.0]], &[3.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 0.5).abs() < 1e-14);
    }
}
