//! Correlation trend indicator, Ehlers (2020).
//!
//! The correlation of the last `period` values with a straight line: 1 in a steady rise, -1 in a steady fall, 0 in a
//! flat market. A missing bar gives no value as long as it is in the window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Fit, Spread};

pub(super) static DEF: Indicator = Indicator {
    name: "correlation_trend",
    aliases: &["cti"],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 12, 2)],
    outputs: &[Output::number("correlation_trend", Unit::Ratio)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Correlation of the last `period` values with a straight line.",
    formula: "corr(x[i-period+1+k], k) for k in 0..period; 0 for equal values. No value while a missing bar is in the window.",
    source: "Ehlers, Correlation As A Trend Indicator, 2020",
    example: "SELECT ts, correlation_trend(close, 12) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<CorrelationTrend, 1, 1>,
    flags: None,
    stream: stream::<CorrelationTrend, 1, 1>,
};

struct CorrelationTrend {
    fit: Fit,
    spread: Spread,
    /// Sum of the squared distances of the positions from their mean.
    squares: f64,
}

impl State<1, 1> for CorrelationTrend {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        let len = period as f64;
        CorrelationTrend { fit: Fit::new(period), spread: Spread::new(period), squares: len * (len * len - 1.0) / 12.0 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [_, comoment] = self.fit.step(x);
        let [_, squares] = self.spread.step(x);
        if squares == 0.0 {
            return [0.0];
        }
        // Two roots: the product of two sums of squares may overflow. Rounding may pass the ends of the range.
        let correlation = comoment / (squares.sqrt() * self.squares.sqrt());
        [if correlation.is_finite() { correlation.clamp(-1.0, 1.0) } else { f64::NAN }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 2.0, 2.0, 2.0]], &[3.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 1.0).abs() < 1e-15);
        assert!((out[0][4] + 3.0_f64.sqrt() / 2.0).abs() < 1e-15);
        assert_eq!([out[0][3], out[0][5]], [0.0, 0.0]);
    }
}
