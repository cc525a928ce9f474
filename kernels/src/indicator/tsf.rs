//! Time series forecast: the least-squares line, extended by one bar.
//!
//! The line is fitted to the last `period` values. A missing bar gives no value as long as it is in the window. Equal
//! values give exactly a flat line. Equals TA-Lib `TSF`.

use super::def::*;
use super::state::{State, stream};
use crate::quotient::divide;
use crate::window::{Fit, Trend, column_of_means};

pub(super) static DEF: Indicator = Indicator {
    name: "tsf",
    aliases: &["time_series_forecast"],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("tsf", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Time series forecast: the least-squares line, extended by one bar.",
    formula: "a + b * period of the line a + b * k fitted to x[i-period+1+k] for k in 0..period.",
    source: "TA-Lib TSF",
    example: "SELECT ts, tsf(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Tsf, 1, 1>,
};

struct Tsf {
    fit: Fit,
    /// Sum of the squared distances of the positions from their mean.
    divisor: f64,
    /// Bars from the middle of the window to the bar after it.
    middle: f64,
}

impl State<1, 1> for Tsf {
    fn new(params: &Params) -> Self {
        let period = params.period(0) as f64;
        let divisor = period * (period * period - 1.0) / 12.0;
        Tsf { fit: Fit::new(params.period(0)), divisor, middle: (period + 1.0) / 2.0 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [mean, comoment] = self.fit.step(x);
        [mean + comoment / self.divisor * self.middle]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let Tsf { fit, divisor, middle } = Tsf::new(params);
    column_of_means::<Trend, 2>(inputs[0], fit.period(), &mut outputs[0], |_, [means, slopes], out| {
        divide(slopes, divisor);
        out.iter_mut().zip(means).zip(slopes).for_each(|((out, mean), slope)| *out = *mean + *slope * middle);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 6.0]], &[3.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 8.0).abs() < 1e-14);
    }
}
