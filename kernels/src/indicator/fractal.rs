//! Fractals of Williams (1995): highs above, and lows below, all their neighbours.
//!
//! A high is a fractal if it is above the highs of the `left` bars before it and of the `right` bars after it; a low
//! if it is below theirs. That is known only when the last of the `right` bars has closed, and it is reported at that
//! bar: the fractal itself is `right` bars back, at `previous(high, right)`. Nothing is drawn back into the past. A
//! missing bar gives no value as long as it is in the window. Equals TA-Lib `FRACTAL`, which reports 100 at the same
//! bars.

use super::def::*;
use super::state::{State, stream};
use crate::simd::{is_finite, widest};
use crate::window::{Swings, make_room, moving_channel};

pub(super) static DEF: Indicator = Indicator {
    name: "fractal",
    aliases: &["williams_fractal"],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("left", 2, 1), Param::period("right", 2, 1)],
    outputs: &[Output::bool("swing_high"), Output::bool("swing_low")],
    lookback: |params| params.period(0) + params.period(1),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Whether the bar `right` bars ago was a fractal: a high above, or a low below, all its neighbours.",
    formula: "swing_high: high[i-right] > every other high of the last left + 1 + right bars; swing_low the same for lows. Reported when the last neighbour has closed.",
    source: "Williams, Trading Chaos, 1995; TA-Lib FRACTAL",
    example: "SELECT ts, fractal(high, low, 2, 2).swing_high FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Fractal, 2, 2>,
};

struct Fractal(Swings);

impl State<2, 2> for Fractal {
    fn new(params: &Params) -> Self {
        Fractal(Swings::new(params.period(0), params.period(1)))
    }

    #[inline]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 2] {
        self.0
            .step(high, low)
            .map_or([f64::NAN; 2], |swing| [swing.is_high, swing.is_low].map(|is| f64::from(u8::from(is))))
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (left, right) = (params.period(0), params.period(1));
    let (high, low, len) = (inputs[0], inputs[1], inputs[0].len());
    let [highs, lows] = outputs else { unreachable!("two outputs") };
    make_room(highs, len);
    make_room(lows, len);
    // To begin with, the extremes of the bars after the one in question.
    moving_channel(high, low, right, |_, highest, lowest| {
        highs.extend_from_slice(highest);
        lows.extend_from_slice(lowest);
    });
    moving_channel(high, low, left, |start, highest, lowest| {
        let (at, end) = (start + 1, start + 1 + right);
        let bars = highest.len().min(len.saturating_sub(end));
        let before = highest[..bars].iter().zip(&lowest[..bars]);
        let now = high.get(at..).unwrap_or_default().iter().zip(low.get(at..).unwrap_or_default());
        let after = highs.get_mut(end..).unwrap_or_default().iter_mut().zip(lows.get_mut(end..).unwrap_or_default());
        widest(|| {
            for (((highest, lowest), (high, low)), (after_high, after_low)) in before.zip(now).zip(after) {
                let known = is_finite(*highest) & is_finite(*after_high) & is_finite(*high) & is_finite(*low);
                let is_high = (high > highest) & (*high > *after_high);
                let is_low = (low < lowest) & (*low < *after_low);
                *after_high = if known { if is_high { 1.0 } else { 0.0 } } else { f64::NAN };
                *after_low = if known { if is_low { 1.0 } else { 0.0 } } else { f64::NAN };
            }
        });
    });
    for column in [highs, lows] {
        column[..(left + right).min(len)].fill(f64::NAN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0, 2.0, 1.0], &[0.0, 1.0, 1.0, -1.0, 0.0]], &[1.0, 1.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [1.0, 0.0, 0.0]);
        assert_eq!(out[1][2..], [0.0, 0.0, 1.0]);
    }

    #[test]
    fn sums_of_prices_may_overflow() {
        let out = DEF.evaluate(&[&[f64::MAX, 3.0, f64::MAX, 2.0, 1.0], &[0.0; 5]], &[1.0, 1.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [0.0, 1.0, 0.0]);
    }
}
