//! Relative volume.
//!
//! Volume in relation to the mean of the `period` bars before. No value where those had no volume. A missing bar gives
//! no value as long as it is among them. Equals TA-Lib `RVOL`, which is infinite, `NaN` or the noise of its running sum
//! where there is no value here.

use super::def::*;
use super::state::{State, finite, stream};
use crate::simd::widest;
use crate::window::{Mean, every_mean, make_room, next_places};

pub(super) static DEF: Indicator = Indicator {
    name: "rvol",
    aliases: &["relative_volume"],
    family: Family::Volume,
    inputs: &[Input::number("volume")],
    params: &[Param::period("period", 20, 1)],
    outputs: &[Output::number("rvol", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Relative volume: volume in relation to the mean of the bars before.",
    formula: "volume[i] / mean(volume[i-period..i]). No value where that mean is 0.",
    source: "common definition; TA-Lib RVOL",
    example: "SELECT ts, rvol(volume, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Rvol, 1, 1>,
};

struct Rvol {
    mean: Mean,
    before: f64,
}

impl State<1, 1> for Rvol {
    fn new(params: &Params) -> Self {
        Rvol { mean: Mean::new(params.period(0)), before: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [volume]: [f64; 1]) -> [f64; 1] {
        // The mean without this bar; over zero it is infinite or undefined, and missing either way.
        let before = std::mem::replace(&mut self.before, finite(self.mean.step(volume)));
        [volume / before]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (volume, out) = (inputs[0], &mut outputs[0]);
    let mut before = f64::NAN;
    make_room(out, volume.len());
    let fill = |start: usize, bars: &mut [f64]| bars.copy_from_slice(&volume[start..][..bars.len()]);
    every_mean(volume.len(), [params.period(0)], fill, |_, volumes, [means]| {
        let out = next_places(out, means.len());
        let last = means[means.len() - 1];
        widest(|| {
            out[0] = ratio(volumes[0], before);
            for ((out, volume), mean) in out[1..].iter_mut().zip(&volumes[1..]).zip(&*means) {
                *out = ratio(*volume, *mean);
            }
        });
        before = last;
    });
}

/// The volume over the mean before it, unless either is not finite.
#[inline(always)]
fn ratio(volume: f64, before: f64) -> f64 {
    finite(finite(volume) / finite(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 8.0, 0.0, 0.0, 5.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..5], [4.0, 0.0, 0.0]);
        assert!(out[0][5].is_nan(), "after bars without volume");
    }
}
