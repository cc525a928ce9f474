//! Value of the least-squares line at the first bar of the window.
//!
//! The line is fitted to the last `period` values. A missing bar gives no value as long as it is in the window. Equal
//! values give exactly a flat line. Equals TA-Lib `LINEARREG_INTERCEPT`.

use super::def::*;
use super::state::{State, stream};
use crate::quotient::divide;
use crate::window::{Fit, Trend, column_of_means};

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
    compute: batch,
    flags: None,
    stream: stream::<LinearRegressionIntercept, 1, 1>,
};

struct LinearRegressionIntercept {
    fit: Fit,
    /// Sum of the squared distances of the positions from their mean.
    divisor: f64,
    /// Bars from the start of the window to its middle.
    middle: f64,
}

impl State<1, 1> for LinearRegressionIntercept {
    fn new(params: &Params) -> Self {
        let period = params.period(0) as f64;
        let divisor = period * (period * period - 1.0) / 12.0;
        LinearRegressionIntercept { fit: Fit::new(params.period(0)), divisor, middle: (period - 1.0) / 2.0 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [mean, comoment] = self.fit.step(x);
        [mean - comoment / self.divisor * self.middle]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let LinearRegressionIntercept { fit, divisor, middle } = LinearRegressionIntercept::new(params);
    column_of_means::<Trend, 2>(inputs[0], fit.period(), &mut outputs[0], |_, [means, slopes], out| {
        divide(slopes, divisor);
        out.iter_mut().zip(means).zip(slopes).for_each(|((out, mean), slope)| *out = *mean - *slope * middle);
    });
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
