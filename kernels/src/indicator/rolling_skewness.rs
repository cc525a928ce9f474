//! Skewness of the last `period` values.
//!
//! The asymmetry, without the bias of a small sample. No value where all values are equal. A missing
//! bar gives no value as long as it is in the window. Equals pandas `rolling.skew`.

use super::def::*;
use super::state::{State, stream};
use crate::window::{Shaped, moving_shape};

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_skewness",
    aliases: &["rolling_skew"],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 3)],
    outputs: &[Output::number("rolling_skewness", Unit::Ratio)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Skewness of the last `period` values.",
    formula: "sqrt(n * (n - 1)) / (n - 2) * m3 / m2^1.5, where m2 and m3 are the mean powers of x - mean and n = period. No value where m2 is 0.",
    source: "Joanes and Gill, Comparing Measures of Sample Skewness and Kurtosis, 1998; pandas rolling",
    example: "SELECT ts, rolling_skewness(close, 30) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<RollingSkewness, 1, 1>,
};

struct RollingSkewness {
    shaped: Shaped,
    len: f64,
}

impl State<1, 1> for RollingSkewness {
    fn new(params: &Params) -> Self {
        RollingSkewness { shaped: Shaped::new(params.period(0)), len: params.period(0) as f64 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [skewness(self.shaped.step(x), self.len)]
    }
}

/// The skewness of `n` values from the powers of their deviations.
#[inline(always)]
fn skewness([m2, m3, _]: [f64; 3], n: f64) -> f64 {
    n * (n - 1.0).sqrt() / (n - 2.0) * (m3 / (m2 * m2.sqrt()))
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    moving_shape(inputs[0], params.period(0), &mut outputs[0], skewness);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 1.0, 1.0, 2.0]], &[4.0]).unwrap();
        assert!(out[0][2].is_nan());
        assert!((out[0][3] - 2.0).abs() < 1e-14);
    }

    #[test]
    fn flat_has_none() {
        let out = DEF.evaluate(&[&[0.1; 6]], &[4.0]).unwrap();
        assert!(out[0].iter().all(|x| x.is_nan()));
    }
}
