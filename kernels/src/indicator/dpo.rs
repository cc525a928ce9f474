//! Detrended price oscillator.
//!
//! The value `period / 2 + 1` bars ago minus the current simple average of `period` bars: the average is about centred
//! on that value, and nothing is looked up ahead. A missing bar gives no value as long as either needs it. Equals TA-
//! Lib `DPO`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::simd::widest;
use crate::window::{Delay, Mean, copy_finite, every_mean, make_room, next_places};

pub(super) static DEF: Indicator = Indicator {
    name: "dpo",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 20, 2)],
    outputs: &[Output::number("dpo", Unit::Price)],
    lookback: |params| (params.period(0) - 1).max(params.period(0) / 2 + 1),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Detrended price oscillator: an earlier value minus the average around it.",
    formula: "x[i - period/2 - 1] - sma(x, period)[i], with period / 2 rounded down.",
    source: "Achelis, Technical Analysis from A to Z, 1995; TA-Lib DPO",
    example: "SELECT ts, dpo(close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Dpo, 1, 1>,
};

struct Dpo {
    mean: Mean,
    earlier: Delay,
}

impl State<1, 1> for Dpo {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        Dpo { mean: Mean::new(period), earlier: Delay::new(period / 2 + 1) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.earlier.step(x) - self.mean.step(x)]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (x, period) = (inputs[0], params.period(0));
    let (ago, out) = (period / 2 + 1, &mut outputs[0]);
    make_room(out, x.len());
    let fill = |start: usize, bars: &mut [f64]| copy_finite(&x[start..], bars);
    every_mean(x.len(), [period], fill, |start, _, [means]| {
        let out = next_places(out, means.len());
        let early = ago.saturating_sub(start).min(means.len());
        out[..early].fill(f64::NAN);
        let earlier = &x[(start + early).saturating_sub(ago)..];
        widest(|| {
            for ((out, mean), earlier) in out[early..].iter_mut().zip(&means[early..]).zip(earlier) {
                *out = finite(earlier - mean);
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 4.0, 6.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [-2.0, -3.0]);
    }
}
