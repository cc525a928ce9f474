//! Stochastic momentum index, Blau (1993).
//!
//! The distance of the close from the middle of the range of `period` bars, and half of that range, both smoothed
//! twice by exponential averages, first over `slow` and then over `fast` bars; their ratio in percent, from -100 to
//! 100, and its exponential average (`signal`). Every average is seeded with the mean of its first values. Zero
//! without any range. The outputs begin together. A missing bar has no value and changes nothing. Equals TA-Lib `SMI`.

use super::def::*;
use super::state::{State, all_finite, compute, finite, stream};
use crate::simd::widest;
use crate::window::{Channel, PIECE, Smoother, make_room, moving_channel, next_places};

pub(super) static DEF: Indicator = Indicator {
    name: "smi",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[
        Param::period("period", 13, 2),
        Param::period("fast", 2, 1),
        Param::period("slow", 25, 1),
        Param::period("signal", 9, 1),
    ],
    outputs: &[Output::number("smi", Unit::Ratio), Output::number("signal", Unit::Ratio)],
    lookback: |params| params.values().iter().sum::<f64>() as usize - 4,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Stochastic momentum index: the smoothed distance of the close from the middle of the range.",
    formula: "d = close - (highest high + lowest low) / 2, r = highest high - lowest low over the period; smi = 200 * ema(ema(d, slow), fast) / ema(ema(r, slow), fast), signal = ema(smi, signal); 0 without range. Missing bars are skipped.",
    source: "Blau, Stochastic Momentum, 1993; TA-Lib SMI",
    example: "SELECT ts, smi(high, low, close, 13, 2, 25, 9).smi FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Smi, 3, 2>,
};

struct Smi {
    channel: Channel,
    slow_distance: Smoother,
    fast_distance: Smoother,
    slow_range: Smoother,
    fast_range: Smoother,
    signal: Smoother,
}

impl State<3, 2> for Smi {
    fn new(params: &Params) -> Self {
        let (fast, slow) = (params.period(1), params.period(2));
        Smi {
            channel: Channel::new(params.period(0)),
            slow_distance: Smoother::ema(slow),
            fast_distance: Smoother::ema(fast),
            slow_range: Smoother::ema(slow),
            fast_range: Smoother::ema(fast),
            signal: Smoother::ema(params.period(3)),
        }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        if high.is_nan() | low.is_nan() | close.is_nan() {
            return [f64::NAN; 2];
        }
        let [high, low] = self.channel.step(high, low);
        let distance = self.fast_distance.step(self.slow_distance.step(close - (high + low) / 2.0));
        let range = self.fast_range.step(self.slow_range.step(high - low));
        let smi = index(distance, range);
        let signal = self.signal.step(smi);
        if signal.is_nan() { [f64::NAN; 2] } else { [smi, signal] }
    }
}

/// The batch form, over whole slices unless a bar is missing, which the window skips.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let [high, low, close] = [inputs[0], inputs[1], inputs[2]];
    if !widest(|| all_finite([high, low, close])) {
        return compute::<Smi, 3, 2>(inputs, params, outputs);
    }
    let mut state = Smi::new(params);
    let [smi, signal] = outputs else { unreachable!("two outputs") };
    make_room(smi, close.len());
    make_room(signal, close.len());
    let mut buffer = [0.0; PIECE];
    moving_channel(high, low, params.period(0), |start, highest, lowest| {
        let pieces = highest.chunks(PIECE).zip(lowest.chunks(PIECE)).zip(close[start..].chunks(PIECE));
        for ((highest, lowest), close) in pieces {
            let ranges = &mut buffer[..highest.len()];
            let [smi, signal] = [&mut *smi, &mut *signal].map(|column| next_places(column, highest.len()));
            widest(|| {
                for ((((distance, range), high), low), close) in
                    smi.iter_mut().zip(&mut *ranges).zip(highest).zip(lowest).zip(close)
                {
                    (*distance, *range) = (close - (high + low) / 2.0, high - low);
                }
            });
            state.slow_distance.take(smi);
            state.fast_distance.take(smi);
            state.slow_range.take(ranges);
            state.fast_range.take(ranges);
            widest(|| smi.iter_mut().zip(&*ranges).for_each(|(distance, range)| *distance = index(*distance, *range)));
            signal.copy_from_slice(smi);
            state.signal.take(signal);
            widest(|| {
                for (smi, signal) in smi.iter_mut().zip(signal) {
                    *smi = if signal.is_nan() { f64::NAN } else { finite(*smi) };
                    *signal = finite(*signal);
                }
            });
        }
    });
}

/// A distance from the middle relative to half the range, in percent.
#[inline(always)]
fn index(distance: f64, range: f64) -> f64 {
    let index = 200.0 * (distance / range);
    if range == 0.0 { 0.0 } else { index }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[4.0, 5.0, 6.0], &[0.0, 1.0, 2.0], &[1.0, 4.0, 6.0]], &[2.0, 1.0, 1.0, 2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 100.0).abs() < 1e-12);
        assert!((out[1][2] - 80.0).abs() < 1e-12);
    }
}
