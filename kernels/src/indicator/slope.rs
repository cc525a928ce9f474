//! Slope of the least-squares line, per bar.
//!
//! The line is fitted to the last `period` values. A missing bar gives no value as long as it is in the window. Equal
//! values give exactly a flat line. Equals TA-Lib `LINEARREG_SLOPE`.

use super::def::*;
use super::state::{State, stream};
use crate::quotient::quotients;
use crate::window::{Fit, Trend, moving_column};

pub(super) static DEF: Indicator = Indicator {
    name: "slope",
    aliases: &["linearreg_slope"],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("slope", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Slope per bar of the least-squares line through the last `period` values.",
    formula: "b of the line a + b * k fitted to x[i-period+1+k] for k in 0..period. No value while a missing bar is in the window.",
    source: "TA-Lib LINEARREG_SLOPE",
    example: "SELECT ts, slope(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Slope, 1, 1>,
};

struct Slope {
    fit: Fit,
    /// Sum of the squared distances of the positions from their mean.
    divisor: f64,
}

impl State<1, 1> for Slope {
    fn new(params: &Params) -> Self {
        let period = params.period(0) as f64;
        Slope { fit: Fit::new(params.period(0)), divisor: period * (period * period - 1.0) / 12.0 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [_, comoment] = self.fit.step(x);
        [comoment / self.divisor]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let Slope { fit, divisor } = Slope::new(params);
    let period = fit.period();
    moving_column::<Trend, 2>(
        inputs[0],
        period,
        &mut outputs[0],
        |_| 0.0,
        |_, [_, comoments], out| quotients(comoments, divisor, out),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 6.0]], &[3.0]).unwrap();
        assert!((out[0][2] - 2.5).abs() < 1e-15);
    }
}
