//! Period of the dominant cycle by Ehlers' homodyne discriminator.
//!
//! The filters start from zeros at the 13th bar and the first value is shown after 32 bars, as in TA-Lib; it depends on
//! where the series begins for some hundred bars. In a flat market the period stays as it is, once the phasor has faded.
//! A missing bar has no value and changes nothing. Equals TA-Lib `HT_DCPERIOD`, except where the prices of its running
//! average are equal and leave it nothing but rounding noise.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Homodyne, Start};

pub(super) static DEF: Indicator = Indicator {
    name: "ht_dcperiod",
    aliases: &["dominant_cycle_period"],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[],
    outputs: &[Output::number("ht_dcperiod", Unit::Bars)],
    lookback: |_| Start::EARLY.lookback,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Period of the dominant cycle, by the Hilbert transform.",
    formula: "s = (4x + 3x[1] + 2x[2] + x[3]) / 10; the Hilbert transform of s gives a phasor; tau / the angle from the last smoothed phasor to this one is the period, at most a third down or a half up from the last, within 6..50, smoothed twice. Missing bars are skipped.",
    source: "Ehlers, Rocket Science for Traders, 2001; TA-Lib HT_DCPERIOD",
    example: "SELECT ts, ht_dcperiod(close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<HtDcperiod, 1, 1>,
    flags: None,
    stream: stream::<HtDcperiod, 1, 1>,
};

struct HtDcperiod(Homodyne);

impl State<1, 1> for HtDcperiod {
    fn new(_: &Params) -> Self {
        HtDcperiod(Homodyne::new(Start::EARLY))
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        match self.0.step(x) {
            Some(cycle) if cycle.is_shown => [cycle.period],
            _ => [f64::NAN],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_period_of_a_sine() {
        let x: Vec<f64> = (0..400).map(|i| 100.0 + (std::f64::consts::TAU * f64::from(i) / 20.0).sin()).collect();
        let out = DEF.evaluate(&[&x], &[]).unwrap();
        assert!(out[0][31].is_nan() && !out[0][32].is_nan());
        assert!((out[0][399] - 20.0).abs() < 0.5);
    }
}
