//! Phasor of the dominant cycle: the detrended price and its quadrature.
//!
//! The filters start from zeros at the 13th bar and the first value is shown after 32 bars, as in TA-Lib. A flat market
//! has no phasor: both parts are exactly zero. A missing bar has no value and changes nothing. Equals TA-Lib
//! `HT_PHASOR`, which is left with rounding noise in a flat market.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Homodyne, Start};

pub(super) static DEF: Indicator = Indicator {
    name: "ht_phasor",
    aliases: &[],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[],
    outputs: &[Output::number("in_phase", Unit::Price), Output::number("quadrature", Unit::Price)],
    lookback: |_| Start::EARLY.lookback,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Parts of the price in phase with its dominant cycle and a quarter of a cycle ahead.",
    formula: "s = (4x + 3x[1] + 2x[2] + x[3]) / 10; d = H(s); in_phase = d[3]; quadrature = H(d), where H(v) = (0.0962 (v - v[6]) + 0.5769 (v[2] - v[4])) * (0.075 * period + 0.54) with the period of the bar before. Missing bars are skipped.",
    source: "Ehlers, Rocket Science for Traders, 2001; TA-Lib HT_PHASOR",
    example: "SELECT ts, ht_phasor(close).in_phase FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<HtPhasor, 1, 2>,
    flags: None,
    stream: stream::<HtPhasor, 1, 2>,
};

struct HtPhasor(Homodyne);

impl State<1, 2> for HtPhasor {
    fn new(_: &Params) -> Self {
        HtPhasor(Homodyne::new(Start::EARLY))
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 2] {
        if x.is_nan() {
            return [f64::NAN; 2];
        }
        match self.0.step(x) {
            Some(cycle) if cycle.is_shown => [cycle.in_phase, cycle.quadrature],
            _ => [f64::NAN; 2],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sine_has_a_phasor_of_its_size() {
        let x: Vec<f64> = (0..400).map(|i| 100.0 + (std::f64::consts::TAU * f64::from(i) / 20.0).sin()).collect();
        let out = DEF.evaluate(&[&x], &[]).unwrap();
        assert!((out[0][399].hypot(out[1][399]) - 1.0).abs() < 0.1);
    }

    #[test]
    fn a_flat_market_has_none() {
        let out = DEF.evaluate(&[&[0.1; 100]], &[]).unwrap();
        assert_eq!((out[0][99], out[1][99]), (0.0, 0.0));
    }
}
