//! Angle in degrees of the least-squares line, where a bar is as wide as a unit of `x` is high.
//!
//! The line is fitted to the last `period` values. A missing bar gives no value as long as it is in the window. Equal
//! values give exactly a flat line. Equals TA-Lib `LINEARREG_ANGLE`.

use super::def::*;
use super::state::{State, stream};
use crate::quotient::divide;
use crate::window::{Fit, Trend, moving_column};

pub(super) static DEF: Indicator = Indicator {
    name: "linear_regression_angle",
    aliases: &["linearreg_angle"],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("linear_regression_angle", Unit::Other)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[Exception::NotScaled],
    summary: "Angle in degrees of the least-squares line, where a bar is as wide as a unit of `x` is high.",
    formula: "atan(slope(x, period)) in degrees.",
    source: "TA-Lib LINEARREG_ANGLE",
    example: "SELECT ts, linear_regression_angle(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<LinearRegressionAngle, 1, 1>,
};

struct LinearRegressionAngle {
    fit: Fit,
    /// Sum of the squared distances of the positions from their mean.
    divisor: f64,
}

impl State<1, 1> for LinearRegressionAngle {
    fn new(params: &Params) -> Self {
        let period = params.period(0) as f64;
        let divisor = period * (period * period - 1.0) / 12.0;
        LinearRegressionAngle { fit: Fit::new(params.period(0)), divisor }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [_, comoment] = self.fit.step(x);
        [(comoment / self.divisor).atan().to_degrees()]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let LinearRegressionAngle { fit, divisor } = LinearRegressionAngle::new(params);
    let period = fit.period();
    moving_column::<Trend, 2>(
        inputs[0],
        period,
        &mut outputs[0],
        |_| 0.0,
        |_, [_, slopes], out| {
            divide(slopes, divisor);
            out.iter_mut().zip(slopes).for_each(|(out, slope)| *out = slope.atan().to_degrees());
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 6.0]], &[3.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 2.5_f64.atan().to_degrees()).abs() < 1e-12);
    }
}
