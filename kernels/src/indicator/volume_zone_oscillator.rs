//! Volume zone oscillator, Khalil and Steckler (2011).
//!
//! The exponential average of the volume, taken negative where the close fell and as nothing where it did not move, as
//! a percentage of that of the volume: from -100 to 100, and zero without volume. Both averages begin at the second bar. A
//! missing bar has no value and changes nothing.

use super::averaged::{Averaged, Averaging};
use super::def::*;
use super::state::{compute, stream};
use crate::eight::Number;
use crate::window::{Averages, Past, Recurrence};

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
    compute: compute::<Averaged<VolumeZoneOscillator, 2, 3>, 2, 1>,
    flags: None,
    stream: stream::<Averaged<VolumeZoneOscillator, 2, 3>, 2, 1>,
};

struct VolumeZoneOscillator;

impl Recurrence<2, 1> for VolumeZoneOscillator {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [close, volume]: [P::T; 2]) -> [P::T; 1] {
        let before = past.before(2, close);
        // Zero, unless the close before is missing.
        let nothing = before.nothing();
        let fallen = before.if_above(close, nothing - volume, nothing);
        let signed = past.average(0, close.if_above(before, volume, fallen));
        let all = past.average(1, volume + nothing);
        [all.size().if_above(all.all(0.0), (signed / all) * 100.0, all.nothing())]
    }
}

impl Averaging<2, 1, 2, 3> for VolumeZoneOscillator {
    fn new(params: &Params) -> (Self, Averages<2, 3>) {
        (VolumeZoneOscillator, Averages::new([params.period(0); 2]))
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
