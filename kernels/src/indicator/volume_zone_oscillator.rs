//! Volume zone oscillator, Khalil and Steckler (2011).
//!
//! The exponential average of the volume, taken negative where the close fell and as nothing where it did not move, as
//! a percentage of that of the volume: from -100 to 100, and zero without volume. Both averages begin at the second bar. A
//! missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Smoother;

pub(super) static DEF: Indicator = Indicator {
    name: "volume_zone_oscillator",
    aliases: &["vzo"],
    family: Family::Volume,
    inputs: &[Input::number("close"), Input::number("volume")],
    params: &[Param::period("period", 14, 1)],
    outputs: &[Output::number("volume_zone_oscillator", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Volume zone oscillator: the average of volume with the sign of the price change, in percent of its average.",
    formula: "100 * ema(sign(close[i] - close[i-1]) * volume[i], period) / ema(volume[i], period), both from the second bar on, 0 without volume. Missing bars are skipped.",
    source: "Khalil and Steckler, In The Volume Zone, Technical Analysis of Stocks and Commodities, 2011",
    example: "SELECT ts, volume_zone_oscillator(close, volume, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<VolumeZoneOscillator, 2, 1>,
    flags: None,
    stream: stream::<VolumeZoneOscillator, 2, 1>,
};

struct VolumeZoneOscillator {
    previous: f64,
    signed: Smoother,
    all: Smoother,
}

impl State<2, 1> for VolumeZoneOscillator {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        VolumeZoneOscillator { previous: f64::NAN, signed: Smoother::ema(period), all: Smoother::ema(period) }
    }

    #[inline(always)]
    fn step(&mut self, [close, volume]: [f64; 2]) -> [f64; 1] {
        if close.is_nan() || volume.is_nan() {
            return [f64::NAN];
        }
        let previous = std::mem::replace(&mut self.previous, close);
        if previous.is_nan() {
            return [f64::NAN];
        }
        let sign = f64::from(i8::from(close > previous) - i8::from(close < previous));
        let (signed, all) = (self.signed.step(sign * volume), self.all.step(volume));
        [if all == 0.0 { 0.0 } else { 100.0 * (signed / all) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0, 2.0], &[9.0, 3.0, 2.0, 0.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 20.0).abs() < 1e-13, "3 - 2 of 3 + 2");
        let silent = DEF.evaluate(&[&[1.0, 3.0, 2.0], &[0.0; 3]], &[2.0]).unwrap();
        assert_eq!(silent[0][2], 0.0);
    }
}
