//! Volume-weighted moving average.
//!
//! The mean of the last `period` values weighted with volume; equal values have exactly that value as their average.
//! There is no value where the volume in the window is zero. A missing bar gives no value as long as it is in the
//! window. Equals TA-Lib `VWMA`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::simd::widest;
use crate::window::{Ladder, Run, Runs, Sums, every_window, make_room, next_places};

pub(super) static DEF: Indicator = Indicator {
    name: "vwma",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x"), Input::number("volume")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("vwma", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Volume-weighted moving average.",
    formula: "sum(x * volume, period) / sum(volume, period). No value without volume or while a missing bar is in the window.",
    source: "TA-Lib VWMA",
    example: "SELECT ts, vwma(close, volume, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Vwma, 2, 1>,
};

struct Vwma {
    weighted_and_volume: Ladder<Sums, 2, 2>,
    run: Run,
}

impl State<2, 1> for Vwma {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        Vwma { weighted_and_volume: Ladder::new(period), run: Run::new(period) }
    }

    #[inline]
    fn step(&mut self, [x, volume]: [f64; 2]) -> [f64; 1] {
        let flat = self.run.step(x);
        let weighted = x * volume;
        // A bar without a price is missing in both sums.
        let volume = if weighted.is_nan() { f64::NAN } else { volume };
        match self.weighted_and_volume.push([weighted, volume]) {
            [_, volume] if volume == 0.0 || volume.is_nan() => [f64::NAN],
            [weighted, volume] => [if flat { x } else { weighted / volume }],
        }
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let ([x, volume], out) = ([inputs[0], inputs[1]], &mut outputs[0]);
    make_room(out, x.len());
    let fill = |start: usize, [weighted, volumes]: [&mut [f64]; 2]| {
        let (x, volume) = (&x[start..], &volume[start..]);
        widest(|| {
            for (((weighted, out), &x), &volume) in weighted.iter_mut().zip(volumes).zip(x).zip(volume) {
                *weighted = finite(x) * finite(volume);
                // A bar without a price is missing in both sums.
                *out = if weighted.is_nan() { f64::NAN } else { volume };
            }
        });
    };
    let mut runs = Runs::new(params.period(0));
    every_window::<Sums, 2, 2>(x.len(), params.period(0), fill, |start, _, [weighted, volumes]| {
        let (x, out) = (&x[start..][..weighted.len()], next_places(out, weighted.len()));
        widest(|| {
            for ((out, weighted), volume) in out.iter_mut().zip(weighted).zip(&*volumes) {
                *out = finite(if *volume == 0.0 { f64::NAN } else { *weighted / *volume });
            }
        });
        runs.visit(x, |i| {
            let is_known = (volumes[i] != 0.0) & !volumes[i].is_nan() & x[i].is_finite();
            out[i] = if is_known { x[i] } else { f64::NAN };
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 4.0, 4.0], &[1.0, 1.0, 3.0, 0.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [1.5, 3.5, 4.0]);
    }

    #[test]
    fn nothing_without_volume() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 4.0], &[1.0, 0.0, 0.0]], &[2.0]).unwrap();
        assert_eq!(out[0][1], 1.0);
        assert!(out[0][2].is_nan());
    }
}
