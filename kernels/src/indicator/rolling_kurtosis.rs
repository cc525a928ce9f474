//! Excess kurtosis of the last `period` values.
//!
//! The weight of the tails, without the bias of a small sample, and zero for a normal distribution. No value where all
//! values are equal. A missing bar gives no value as long as it is in the window. Equals pandas `rolling.kurt`.

use super::def::*;
use super::state::{State, stream};
use crate::window::{Shaped, moving_shape};

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_kurtosis",
    aliases: &["rolling_kurt"],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 4)],
    outputs: &[Output::number("rolling_kurtosis", Unit::Ratio)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Excess kurtosis of the last `period` values.",
    formula: "(n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2^2 - 3) + 6), where m2 and m4 are the mean powers of x - mean and n = period. No value where m2 is 0.",
    source: "Joanes and Gill, Comparing Measures of Sample Skewness and Kurtosis, 1998; pandas rolling",
    example: "SELECT ts, rolling_kurtosis(close, 30) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<RollingKurtosis, 1, 1>,
};

struct RollingKurtosis {
    shaped: Shaped,
    len: f64,
}

impl State<1, 1> for RollingKurtosis {
    fn new(params: &Params) -> Self {
        RollingKurtosis { shaped: Shaped::new(params.period(0)), len: params.period(0) as f64 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [kurtosis(self.shaped.step(x), self.len)]
    }
}

/// The excess kurtosis of `n` values from the powers of their deviations.
#[inline(always)]
fn kurtosis([m2, _, m4]: [f64; 3], n: f64) -> f64 {
    let excess = n * (m4 / (m2 * m2)) - 3.0;
    (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * excess + 6.0)
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    moving_shape(inputs[0], params.period(0), &mut outputs[0], kurtosis);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 1.0, 1.0, 2.0]], &[4.0]).unwrap();
        assert!(out[0][2].is_nan());
        assert!((out[0][3] - 4.0).abs() < 1e-14);
    }

    #[test]
    fn flat_has_none() {
        let out = DEF.evaluate(&[&[0.1; 6]], &[4.0]).unwrap();
        assert!(out[0].iter().all(|x| x.is_nan()));
    }
}
