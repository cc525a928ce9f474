//! Ease of movement, Arms.
//!
//! How far the middle of the bar moved in relation to the volume that it took, times the range: the simple average over
//! `period` bars of the distance times range times `scale` over volume. A bar without volume has none, as one without a
//! range. The first value comes `period` bars after the first bar. A missing bar gives no value as long as it, or the
//! bar after it, is in the window. With period 1 and scale 10000 it equals LEAN's `EaseOfMovementValue`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Mean;

pub(super) static DEF: Indicator = Indicator {
    name: "emv",
    aliases: &["ease_of_movement"],
    family: Family::Volume,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("volume")],
    params: &[Param::period("period", 14, 1), Param::float("scale", 10_000.0, 1.0, 1e12)],
    outputs: &[Output::number("emv", Unit::Other)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[Exception::NotScaled],
    summary: "Ease of movement: how far prices move for the volume that it takes.",
    formula: "middle = (high + low) / 2; sma((middle[i] - middle[i-1]) * (high - low) * scale / volume, period), with 0 for bars without volume.",
    source: "Arms, Volume Cycles in the Stock Market, 1983; QuantConnect LEAN EaseOfMovementValue",
    example: "SELECT ts, emv(high, low, volume, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Emv, 3, 1>,
    flags: None,
    stream: stream::<Emv, 3, 1>,
};

struct Emv {
    middle: f64,
    scale: f64,
    mean: Mean,
}

impl State<3, 1> for Emv {
    fn new(params: &Params) -> Self {
        Emv { middle: f64::NAN, scale: params.float(1), mean: Mean::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [high, low, volume]: [f64; 3]) -> [f64; 1] {
        let middle = 0.5 * (high + low);
        let moved = middle - std::mem::replace(&mut self.middle, middle);
        let ease = moved * (high - low) * self.scale;
        // Times zero, because a price may be missing.
        [self.mean.step(if volume == 0.0 { ease * 0.0 } else { ease / volume })]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 4.0, 5.0], &[0.0, 2.0, 3.0], &[1.0, 8.0, 4.0]], &[2.0, 1.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2], 0.5);
    }
}
