//! Recursive filters of Ehlers' school: low-pass and high-pass with up to three poles.
//!
//! All are written in differences, so that a flat series passes a low-pass filter unchanged to the last bit and leaves
//! nothing behind a high-pass filter.

use std::f64::consts::PI;

/// Sum of weighted differences of `terms` from `level`.
#[inline(always)]
fn apart(level: f64, weights: [f64; 3], terms: [f64; 3]) -> f64 {
    // The newest term comes last in the sum, because it is known last.
    (weights[2] * (terms[2] - level) + weights[1] * (terms[1] - level)) + weights[0] * (terms[0] - level)
}

/// A low-pass filter with two or three poles: `m` is an average of the last inputs, and
/// `y = m + sum(feedback[k] * (y[k] - m))`.
///
/// The first outputs, one per pole, are the inputs themselves.
#[derive(Debug, Clone)]
pub struct LowPass {
    poles: usize,
    seen: usize,
    feedback: [f64; 3],
    average: [f64; 3],
    inputs: [f64; 3],
    outputs: [f64; 3],
}

impl LowPass {
    /// Ehlers' super smoother; with two poles it averages two inputs, with three it takes them as they are.
    pub fn super_smoother(period: usize, poles: usize) -> Self {
        Self::new(period, poles, if poles == 2 { [0.5, 0.0, 0.0] } else { [0.0; 3] })
    }

    /// Ehlers' Butterworth filter: the same poles, and as many zeros at the highest frequency.
    pub fn butterworth(period: usize, poles: usize) -> Self {
        Self::new(period, poles, if poles == 2 { [0.5, 0.25, 0.0] } else { [0.375, 0.375, 0.125] })
    }

    fn new(period: usize, poles: usize, average: [f64; 3]) -> Self {
        let period = period as f64;
        let feedback = if poles == 2 {
            let decay = (-1.414 * PI / period).exp();
            [2.0 * decay * (1.414 * PI / period).cos(), -decay * decay, 0.0]
        } else {
            let decay = (-PI / period).exp();
            let (turn, square) = (2.0 * decay * (1.738 * PI / period).cos(), decay * decay);
            [turn + square, -(square + turn * square), square * square]
        };
        LowPass { poles, seen: 0, feedback, average, inputs: [0.0; 3], outputs: [0.0; 3] }
    }

    /// Takes the next value, which is not `NaN`.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        let y = if self.seen < self.poles {
            self.seen += 1;
            x
        } else {
            let level = x + apart(x, self.average, self.inputs);
            level + apart(level, self.feedback, self.outputs)
        };
        let y = if y.is_finite() { y } else { x };
        self.inputs = [x, self.inputs[0], self.inputs[1]];
        self.outputs = [y, self.outputs[0], self.outputs[1]];
        y
    }
}

/// A high-pass filter with one or two poles: what a trend leaves of a price.
///
/// The first value comes after as many bars as there are poles; the outputs before it count as zero.
#[derive(Debug, Clone)]
pub struct HighPass {
    poles: usize,
    seen: usize,
    gain: f64,
    feedback: [f64; 2],
    input: f64,
    change: f64,
    outputs: [f64; 2],
}

impl HighPass {
    /// Passes cycles shorter than `period` bars, at least three.
    pub fn new(period: usize, poles: usize) -> Self {
        // Ehlers' `alpha` is `(cos + sin - 1) / cos` of this angle, and one less it is this tangent.
        let angle = if poles == 1 { 2.0 * PI / period as f64 } else { 0.707 * 2.0 * PI / period as f64 };
        let decay = (0.25 * PI - 0.5 * angle).tan();
        let half = 0.5 * (1.0 + decay);
        let (gain, feedback) =
            if poles == 1 { (half, [decay, 0.0]) } else { (half * half, [2.0 * decay, -decay * decay]) };
        HighPass { poles, seen: 0, gain, feedback, input: 0.0, change: 0.0, outputs: [0.0; 2] }
    }

    /// Takes the next value, which is not `NaN`; `None` for the first ones.
    #[inline]
    pub fn step(&mut self, x: f64) -> Option<f64> {
        let change = x - std::mem::replace(&mut self.input, x);
        let before = std::mem::replace(&mut self.change, change);
        if self.seen < self.poles {
            self.seen += 1;
            return None;
        }
        let news = if self.poles == 1 { change } else { change - before };
        let y = (self.gain * news + self.feedback[1] * self.outputs[1]) + self.feedback[0] * self.outputs[0];
        // A long flat stretch would otherwise end in subnormal numbers, whose ratios are noise.
        let y = if y.is_normal() { y } else { 0.0 };
        self.outputs = [y, self.outputs[0]];
        Some(y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_series_passes_unchanged() {
        for poles in [2, 3] {
            let (mut smooth, mut butter) = (LowPass::super_smoother(10, poles), LowPass::butterworth(10, poles));
            assert!((0..100).all(|_| smooth.step(0.1) == 0.1 && butter.step(0.1) == 0.1));
        }
    }

    #[test]
    fn a_step_fades_behind_a_high_pass() {
        for poles in [1, 2] {
            let mut filter = HighPass::new(20, poles);
            let out: Vec<_> = (0..5000).map(|i| filter.step(if i < 10 { 0.0 } else { 1.0 })).collect();
            assert!(out[..poles].iter().all(Option::is_none));
            assert!(out[poles..10].iter().all(|y| *y == Some(0.0)));
            assert!(out[10] > Some(0.5) && out[4999] == Some(0.0));
        }
    }

    #[test]
    fn overflow_is_forgotten() {
        let (mut low, mut high) = (LowPass::butterworth(5, 3), HighPass::new(5, 2));
        for x in [1.0, 2.0, 3.0, f64::MAX, f64::MIN, 1.0, 2.0] {
            assert!(low.step(x).is_finite() && high.step(x).is_none_or(f64::is_finite));
        }
    }
}
