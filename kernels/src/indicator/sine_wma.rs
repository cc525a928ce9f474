//! Moving average with the weights of half a sine wave: most for the middle of the window, least for its ends.
//!
//! The weight of the k-th value is `sin(pi * k / (period + 1))`. The work per bar does not depend on the period. A flat
//! market lies exactly on its average. A missing bar gives no value as long as it is in the window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::SineSum;

pub(super) static DEF: Indicator = Indicator {
    name: "sine_wma",
    aliases: &["sinwma"],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 1)],
    outputs: &[Output::number("sine_wma", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[Exception::OnePiece],
    summary: "Moving average with the weights of half a sine wave.",
    formula: "sum(w[k] * x[i-period+k]) / sum(w[k]) for k in 1..=period, w[k] = sin(pi * k / (period + 1)). No value while a missing bar is in the window.",
    source: "Harris, On the Use of Windows for Harmonic Analysis with the Discrete Fourier Transform, 1978 (cosine lobe)",
    example: "SELECT ts, sine_wma(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<SineWma, 1, 1>,
    flags: None,
    stream: stream::<SineWma, 1, 1>,
};

struct SineWma {
    sum: SineSum,
    weight: f64,
    period: usize,
    last: f64,
    /// Equal values up to now.
    run: usize,
}

impl State<1, 1> for SineWma {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        let sum = SineSum::new(period);
        SineWma { weight: sum.weight(), sum, period, last: f64::NAN, run: 0 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        self.run = if x == self.last { self.run + 1 } else { 1 };
        self.last = x;
        let flat = self.run >= self.period;
        [self.sum.push(x).map_or(f64::NAN, |sum| if flat { x } else { sum / self.weight })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 6.0, 0.0]], &[3.0]).unwrap();
        let side = 0.5_f64.sqrt();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - (7.0 * side + 2.0) / (2.0 * side + 1.0)).abs() < 1e-14);
        assert!((out[0][3] - (2.0 * side + 6.0) / (2.0 * side + 1.0)).abs() < 1e-14);
    }
}
