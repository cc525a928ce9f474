//! Value of the least-squares line at the current bar.
//!
//! The line is fitted to the last `period` values. A missing bar gives no value as long as it is in the window. Equal
//! values give exactly a flat line. Equals TA-Lib `LINEARREG`.

use super::def::*;
use super::state::{State, stream};
use crate::window::OnLine;

pub(super) static DEF: Indicator = Indicator {
    name: "linear_regression",
    aliases: &["linearreg"],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("linear_regression", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Value of the least-squares line through the last `period` values, at the current bar.",
    formula: "a + b * (period - 1) of the line a + b * k fitted to x[i-period+1+k] for k in 0..period. No value while a missing bar is in the window.",
    source: "TA-Lib LINEARREG",
    example: "SELECT ts, linear_regression(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| OnLine::at_end(params.period(0)).fill(inputs[0], &mut outputs[0]),
    flags: None,
    stream: stream::<LinearRegression, 1, 1>,
};

struct LinearRegression(OnLine);

impl State<1, 1> for LinearRegression {
    fn new(params: &Params) -> Self {
        LinearRegression(OnLine::at_end(params.period(0)))
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
        assert!((out[0][2] - 5.5).abs() < 1e-15);
    }
}
