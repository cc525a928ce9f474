//! Vortex indicator, Botes and Siepman (2010).
//!
//! The distances from the previous low up to the high (`plus`) and from the previous high down to the low (`minus`),
//! added up over `period` bars, as shares of the true range. Zero without any range, as in TA-Lib. A missing bar gives
//! no value as long as it is in the window. Equals TA-Lib `VORTEX`.

use super::def::*;
use super::state::{State, finite, run_each, stream};
use crate::simd::widest_fn;
use crate::window::{Ladder, Sums, every_window, make_room, next_places, true_range};

pub(super) static DEF: Indicator = Indicator {
    name: "vortex",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 14, 1)],
    outputs: &[Output::number("plus", Unit::Ratio), Output::number("minus", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Vortex indicator: upward and downward movement as shares of the true range.",
    formula: "plus = sum(|high - low[i-1]|) / sum(true_range), minus = sum(|low - high[i-1]|) / sum(true_range) over the period; 0 without range.",
    source: "Botes and Siepman, The Vortex Indicator, 2010; TA-Lib VORTEX",
    example: "SELECT ts, vortex(high, low, close, 14).plus FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Vortex, 3, 2>,
};

struct Vortex {
    previous: [f64; 3],
    sums: Ladder<Sums, 3, 3>,
}

impl State<3, 2> for Vortex {
    fn new(params: &Params) -> Self {
        Vortex { previous: [f64::NAN; 3], sums: Ladder::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        let before = std::mem::replace(&mut self.previous, [high, low, close]);
        let movements = movements(before, [high, low, close]);
        shares(self.sums.push(movements))
    }
}

/// Upward movement, downward movement and true range of a bar.
#[inline(always)]
fn movements([before_high, before_low, before_close]: [f64; 3], [high, low, close]: [f64; 3]) -> [f64; 3] {
    [size(high, before_low), size(low, before_high), range(high, low, close, before_close)]
}

#[inline(always)]
fn size(now: f64, before: f64) -> f64 {
    (now - before).abs()
}

#[inline(always)]
fn range(high: f64, low: f64, close: f64, before_close: f64) -> f64 {
    // A missing close counts for its own bar too.
    true_range(high, low, before_close) + close * 0.0
}

/// The movements as shares of the range, zero without any.
#[inline(always)]
fn shares([plus, minus, range]: [f64; 3]) -> [f64; 2] {
    if range == 0.0 { [0.0; 2] } else { [plus / range, minus / range] }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let len = inputs[0].len();
    let [high, low, close] = [0, 1, 2].map(|k| &inputs[k][..len]);
    let [plus, minus] = outputs else { unreachable!("two outputs") };
    make_room(plus, len);
    make_room(minus, len);
    let fill = |start: usize, [ups, downs, ranges]: [&mut [f64]; 3]| {
        // The first bar has no movement.
        let skipped = usize::from(start == 0).min(ups.len());
        for column in [&mut *ups, &mut *downs, &mut *ranges] {
            column[..skipped].fill(f64::NAN);
        }
        let bars = ups.len() - skipped;
        let [ups, downs, ranges] = [ups, downs, ranges].map(|column| &mut column[skipped..][..bars]);
        let [highs, lows, closes] = [high, low, close].map(|column| &column[start + skipped..]);
        let [before_highs, before_lows, before_closes] =
            [high, low, close].map(|column| &column[(start + skipped).max(1) - 1..]);
        finite_sizes(&highs[..bars], before_lows, ups);
        finite_sizes(&lows[..bars], before_highs, downs);
        finite_ranges([&highs[..bars], lows, closes, before_closes], ranges);
    };
    every_window::<Sums, 3, 3>(len, params.period(0), fill, |_, _, [ups, downs, ranges]| {
        let columns = [&mut *plus, &mut *minus].map(|column| next_places(column, ups.len()));
        finite_shares([ups, downs, ranges], columns);
    });
}

widest_fn! {
    /// [`size`] at each bar, `NaN` where a price is not finite.
    [] []
    fn finite_sizes(now: &[f64], before: &[f64], out: &mut [f64]) {
        run_each([now, before], [out], |[now, before]| [size(finite(now), finite(before))]);
    }
}

widest_fn! {
    /// [`range`] at each bar, `NaN` where a price is not finite.
    [] []
    fn finite_ranges(prices: [&[f64]; 4], out: &mut [f64]) {
        run_each(prices, [out], |[high, low, close, before]| {
            [range(finite(high), finite(low), finite(close), finite(before))]
        });
    }
}

widest_fn! {
    /// [`shares`] at each bar, and `NaN` for what is not finite.
    [] []
    fn finite_shares(sums: [&[f64]; 3], out: [&mut [f64]; 2]) {
        run_each(sums, out, |sums| {
            let [plus, minus] = shares(sums);
            [finite(plus), finite(minus)]
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, 3.0], &[1.0, 2.0, 2.0], &[1.0, 3.0, 2.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        // Ranges 2 and 1; up 2 and 1, down 0 and 1.
        assert_eq!((out[0][2], out[1][2]), (1.0, 1.0 / 3.0));
    }
}
