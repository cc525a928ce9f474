//! Ehlers' Butterworth filter.
//!
//! A low-pass filter with two or three poles and as many zeros at the highest frequency. The first outputs, one per
//! pole, are the inputs themselves. It is computed in differences from the newest input, so a flat market passes
//! unchanged to the last bit. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::LowPass;

pub(super) static DEF: Indicator = Indicator {
    name: "butterworth",
    aliases: &["butterworth_filter"],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 10, 2),
        Param { name: "poles", kind: ParamKind::Int { default: Some(2), min: 2, max: 3 } },
    ],
    outputs: &[Output::number("butterworth", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "A low-pass filter with two or three poles and as many zeros at the highest frequency.",
    formula: "poles 2: a = exp(-1.414 pi / period), c = {2 a cos(1.414 pi / period), -a^2}, m = (x + 2x[1] + x[2]) / 4; poles 3: a = exp(-pi / period), b = 2 a cos(1.738 pi / period), c = {b + a^2, -(a^2 + b a^2), a^4}, m = (x + 3x[1] + 3x[2] + x[3]) / 8; y = m + sum(c[k] * (y[k] - m)). Starts with y = x. Missing bars are skipped.",
    source: "Ehlers, Cybernetic Analysis for Stocks and Futures, 2004",
    example: "SELECT ts, butterworth(close, 10) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Butterworth, 1, 1>,
    flags: None,
    stream: stream::<Butterworth, 1, 1>,
};

struct Butterworth(LowPass);

impl State<1, 1> for Butterworth {
    fn new(params: &Params) -> Self {
        Butterworth(LowPass::butterworth(params.period(0), params.period(1)))
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [if x.is_nan() { x } else { self.0.step(x) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_with_the_inputs_and_settles_on_a_level() {
        for poles in [2, 3] {
            let mut x = vec![5.0; 300];
            x[0] = 1.0;
            let out = DEF.evaluate(&[&x], &[10.0, poles as f64]).unwrap();
            assert_eq!(out[0][..poles], x[..poles]);
            assert!(out[0][poles] != 5.0 && (out[0][299] - 5.0).abs() < 1e-12);
        }
    }
}
