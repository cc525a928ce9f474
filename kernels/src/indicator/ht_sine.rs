//! Sine of the phase of the dominant cycle, and the sine 45 degrees ahead.
//!
//! The first value is shown after 63 bars, as in TA-Lib. A missing bar has no value and changes nothing. Equals TA-Lib
//! `HT_SINE`, except in a flat market; see `ht_dcphase`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{CyclePhase, Homodyne, Start};

pub(super) static DEF: Indicator = Indicator {
    name: "ht_sine",
    aliases: &[],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[],
    outputs: &[Output::number("sine", Unit::Ratio), Output::number("lead_sine", Unit::Ratio)],
    lookback: |_| Start::LATE.lookback,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Sine of the phase of the dominant cycle, and the sine 45 degrees ahead: they cross at turns of a cycle.",
    formula: "sine = sin(ht_dcphase(x)); lead_sine = sin(ht_dcphase(x) + 45). Missing bars are skipped.",
    source: "Ehlers, Rocket Science for Traders, 2001; TA-Lib HT_SINE",
    example: "SELECT ts, ht_sine(close).lead_sine FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<HtSine, 1, 2>,
    flags: None,
    stream: stream::<HtSine, 1, 2>,
};

struct HtSine {
    homodyne: Homodyne,
    phase: CyclePhase,
}

impl State<1, 2> for HtSine {
    fn new(_: &Params) -> Self {
        HtSine { homodyne: Homodyne::new(Start::LATE), phase: CyclePhase::default() }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 2] {
        if x.is_nan() {
            return [f64::NAN; 2];
        }
        let Some(cycle) = self.homodyne.step(x) else { return [f64::NAN; 2] };
        let degrees = self.phase.step(&cycle);
        if !cycle.is_shown {
            return [f64::NAN; 2];
        }
        sines(degrees)
    }
}

/// The sine of an angle and of the one 45 degrees ahead.
#[inline]
pub(super) fn sines(degrees: f64) -> [f64; 2] {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    [sine, (sine + cosine) * std::f64::consts::FRAC_1_SQRT_2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sine_is_followed() {
        let x: Vec<f64> = (0..400).map(|i| 100.0 + (std::f64::consts::TAU * f64::from(i) / 20.0).sin()).collect();
        let out = DEF.evaluate(&[&x], &[]).unwrap();
        assert!((300..400).all(|i| (out[0][i] - (x[i] - 100.0)).abs() < 0.1));
    }

    #[test]
    fn the_lead_is_45_degrees() {
        let [sine, lead] = sines(30.0);
        assert!((sine - 0.5).abs() < 1e-15 && (lead - 75_f64.to_radians().sin()).abs() < 1e-15);
    }
}
