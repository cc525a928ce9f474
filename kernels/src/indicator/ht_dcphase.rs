//! Phase of the dominant cycle in degrees, from -45 to 315.
//!
//! The filters start from zeros at the 38th bar and the first value is shown after 63 bars, as in TA-Lib. Where the
//! prices correlate with neither wave, as in a flat market, the phase goes on from the one before. A missing bar has no
//! value and changes nothing. Equals TA-Lib `HT_DCPHASE`, except in a flat market, where its two sums are rounding
//! noise.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{CyclePhase, Homodyne, Start};

pub(super) static DEF: Indicator = Indicator {
    name: "ht_dcphase",
    aliases: &["dominant_cycle_phase"],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[],
    outputs: &[Output::number("ht_dcphase", Unit::Other)],
    lookback: |_| Start::LATE.lookback,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Phase of the dominant cycle in degrees, by the Hilbert transform.",
    formula: "phase = atan(sum(sin(360 k / n) * s[k]) / sum(cos(360 k / n) * s[k])) + 90 + 360 / period, for k in 0..n, where s is the averaged price and n the rounded period of the dominant cycle; 180 more where the second sum is negative, 360 less above 315. Missing bars are skipped.",
    source: "Ehlers, Rocket Science for Traders, 2001; TA-Lib HT_DCPHASE",
    example: "SELECT ts, ht_dcphase(close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<HtDcphase, 1, 1>,
    flags: None,
    stream: stream::<HtDcphase, 1, 1>,
};

struct HtDcphase {
    homodyne: Homodyne,
    phase: CyclePhase,
}

impl State<1, 1> for HtDcphase {
    fn new(_: &Params) -> Self {
        HtDcphase { homodyne: Homodyne::new(Start::LATE), phase: CyclePhase::default() }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        let Some(cycle) = self.homodyne.step(x) else { return [f64::NAN] };
        let degrees = self.phase.step(&cycle);
        if !cycle.is_shown {
            return [f64::NAN];
        }
        [degrees]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_once_per_cycle() {
        let x: Vec<f64> = (0..400).map(|i| 100.0 + (std::f64::consts::TAU * f64::from(i) / 20.0).sin()).collect();
        let out = DEF.evaluate(&[&x], &[]).unwrap();
        assert!(out[0][62].is_nan() && !out[0][63].is_nan());
        assert!((out[0][399] - out[0][379]).abs() < 5.0);
        assert!(((out[0][399] - out[0][394]).rem_euclid(360.0) - 90.0).abs() < 5.0);
    }
}
