//! Volume oscillator.
//!
//! The distance of a fast from a slow simple average of volume, in percent of the slow one. No value where that is
//! zero. A missing bar gives no value as long as it is in the window. The variant with exponential averages is the
//! percentage volume oscillator.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Mean;

pub(super) static DEF: Indicator = Indicator {
    name: "volume_oscillator",
    aliases: &[],
    family: Family::Volume,
    inputs: &[Input::number("volume")],
    params: &[Param::period("fast", 5, 1), Param::period("slow", 10, 1)],
    outputs: &[Output::number("volume_oscillator", Unit::Ratio)],
    lookback: |params| params.period(0).max(params.period(1)) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Volume oscillator: the distance of two moving averages of volume, in percent.",
    formula: "100 * (sma(volume, fast) - sma(volume, slow)) / sma(volume, slow). No value where the slow average is 0.",
    source: "Achelis, Technical Analysis from A to Z, 1995",
    example: "SELECT ts, volume_oscillator(volume, 5, 10) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<VolumeOscillator, 1, 1>,
    flags: None,
    stream: stream::<VolumeOscillator, 1, 1>,
};

struct VolumeOscillator {
    fast: Mean,
    slow: Mean,
}

impl State<1, 1> for VolumeOscillator {
    fn new(params: &Params) -> Self {
        VolumeOscillator { fast: Mean::new(params.period(0)), slow: Mean::new(params.period(1)) }
    }

    #[inline]
    fn step(&mut self, [volume]: [f64; 1]) -> [f64; 1] {
        let (fast, slow) = (self.fast.step(volume), self.slow.step(volume));
        [100.0 * ((fast - slow) / slow)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 0.0, 0.0]], &[1.0, 2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..3], [50.0, -100.0]);
        assert!(out[0][3].is_nan(), "without volume");
    }
}
