//! Ehlers' super smoother.
//!
//! A low-pass filter with two or three poles that lets cycles longer than `period` bars pass. The first outputs, one per
//! pole, are the inputs themselves. It is computed in differences from the newest input, so a flat market passes
//! unchanged to the last bit. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::LowPass;

pub(super) static DEF: Indicator = Indicator {
    name: "super_smoother",
    aliases: &["ssf"],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 10, 2),
        Param { name: "poles", kind: ParamKind::Int { default: Some(2), min: 2, max: 3 } },
    ],
    outputs: &[Output::number("super_smoother", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "A low-pass filter with two or three poles that lets cycles longer than period bars pass.",
    formula: "poles 2: a = exp(-1.414 pi / period), c = {2 a cos(1.414 pi / period), -a^2}, m = (x + x[1]) / 2; poles 3: a = exp(-pi / period), b = 2 a cos(1.738 pi / period), c = {b + a^2, -(a^2 + b a^2), a^4}, m = x; y = m + sum(c[k] * (y[k] - m)). Starts with y = x. Missing bars are skipped.",
    source: "Ehlers, Cycle Analytics for Traders, 2013 (two poles); Ehlers, Cybernetic Analysis for Stocks and Futures, 2004 (three poles)",
    example: "SELECT ts, super_smoother(close, 10) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<SuperSmoother, 1, 1>,
    flags: None,
    stream: stream::<SuperSmoother, 1, 1>,
};

struct SuperSmoother(LowPass);

impl State<1, 1> for SuperSmoother {
    fn new(params: &Params) -> Self {
        SuperSmoother(LowPass::super_smoother(params.period(0), params.period(1)))
    }

    #[inline(always)]
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
