//! Ehlers' high-pass filter with one or two poles: the price without cycles longer than `period` bars.
//!
//! The first value comes after one bar per pole; outputs before it count as zero. A flat market gives zero, in the end
//! exactly. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::HighPass;

pub(super) static DEF: Indicator = Indicator {
    name: "high_pass",
    aliases: &["highpass", "high_pass_filter"],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 48, 3),
        Param { name: "poles", kind: ParamKind::Int { default: Some(2), min: 1, max: 2 } },
    ],
    outputs: &[Output::number("high_pass", Unit::Price)],
    lookback: |params| params.period(1),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "High-pass filter: the price without cycles longer than `period` bars.",
    formula: "t = 2 pi / period (poles 1) or 0.707 * 2 pi / period (poles 2), d = tan(pi / 4 - t / 2), which is Ehlers' 1 - alpha; y = (1 + d) / 2 * (x - x[1]) + d y[1], or ((1 + d) / 2)^2 * (x - 2x[1] + x[2]) + 2 d y[1] - d^2 y[2]. Starts from zeros. Missing bars are skipped.",
    source: "Ehlers, Cycle Analytics for Traders, 2013",
    example: "SELECT ts, high_pass(close, 48) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<High, 1, 1>,
    flags: None,
    stream: stream::<High, 1, 1>,
};

struct High(HighPass);

impl State<1, 1> for High {
    fn new(params: &Params) -> Self {
        High(HighPass::new(params.period(0), params.period(1)))
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        [self.0.step(x).unwrap_or(f64::NAN)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Four bars are a right angle, where one pole remembers nothing.
        let out = DEF.evaluate(&[&[1.0, 3.0, 4.0]], &[4.0, 1.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert!((out[0][1] - 1.0).abs() < 1e-15 && (out[0][2] - 0.5).abs() < 1e-15);
    }
}
