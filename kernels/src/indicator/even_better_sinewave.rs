//! Ehlers' even better sinewave: the price between a high-pass filter and a super smoother, divided by its own size.
//!
//! From -1 to 1, near the ends in a trend. The first value comes after three bars. Where there is no power at all, as in
//! a flat market in the end, it is zero. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{HighPass, LowPass};

pub(super) static DEF: Indicator = Indicator {
    name: "even_better_sinewave",
    aliases: &["ebsw"],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 40, 3), Param::period("smoothing", 10, 2)],
    outputs: &[Output::number("even_better_sinewave", Unit::Ratio)],
    lookback: |_| 3,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Even better sinewave: the filtered price divided by its own size, from -1 to 1.",
    formula: "f = super_smoother(high_pass(x, period, 1), smoothing); (f + f[1] + f[2]) / 3 / sqrt((f^2 + f[1]^2 + f[2]^2) / 3), 0 without power. Missing bars are skipped.",
    source: "Ehlers, Cycle Analytics for Traders, 2013",
    example: "SELECT ts, even_better_sinewave(close, 40, 10) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<EvenBetterSinewave, 1, 1>,
    flags: None,
    stream: stream::<EvenBetterSinewave, 1, 1>,
};

struct EvenBetterSinewave {
    high: HighPass,
    low: LowPass,
    last: [f64; 2],
}

impl State<1, 1> for EvenBetterSinewave {
    fn new(params: &Params) -> Self {
        EvenBetterSinewave {
            high: HighPass::new(params.period(0), 1),
            low: LowPass::super_smoother(params.period(1), 2),
            last: [f64::NAN; 2],
        }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        let Some(passed) = self.high.step(x) else { return [f64::NAN] };
        let c = self.low.step(passed);
        let [b, a] = self.last;
        self.last = [c, b];
        let power = (a * a + b * b + c * c) / 3.0;
        let wave = (a + b + c) / 3.0;
        // Squares that underflow are no measure.
        [if power < f64::MIN_POSITIVE { 0.0 } else { wave / power.sqrt() }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rise_is_near_one() {
        let x: Vec<f64> = (0..200).map(|i| 100.0 + f64::from(i)).collect();
        let out = DEF.evaluate(&[&x], &[40.0, 10.0]).unwrap();
        assert!(out[0][2].is_nan() && !out[0][3].is_nan());
        assert!((out[0][199] - 1.0).abs() < 1e-6);
    }

    #[test]
    fn flat_is_zero() {
        assert_eq!(DEF.evaluate(&[&[5.0; 10]], &[40.0, 10.0]).unwrap()[0][9], 0.0);
    }
}
