//! Ultimate oscillator, Williams (1985).
//!
//! The buying pressure, from the lower one of low and previous close up to the close, as a share of the true range,
//! over three windows with the weights 4, 2 and 1 from the shortest to the longest; their order does not matter. A
//! window without range counts as zero, as in TA-Lib. A missing bar gives no value as long as it is in one of the
//! windows. Equals TA-Lib `ULTOSC`.

use super::def::*;
use super::state::{State, finite, run_each, stream};
use crate::simd::widest_fn;
use crate::window::{Ladder, Sums, every_windows, make_room, next_places, true_range};

pub(super) static DEF: Indicator = Indicator {
    name: "ultosc",
    aliases: &["ultimate_oscillator"],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("short", 7, 1), Param::period("middle", 14, 1), Param::period("long", 28, 1)],
    outputs: &[Output::number("ultosc", Unit::Percent)],
    lookback: |params| params.values().iter().fold(0.0, |a: f64, &b| a.max(b)) as usize,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Ultimate oscillator: buying pressure as a share of the range over three windows.",
    formula: "bp = close - min(low, close[i-1]); 100 * (4 * a + 2 * b + c) / 7, where a, b, c = sum(bp) / sum(true_range) over the three periods, shortest first; 0 for a window without range.",
    source: "Williams, The Ultimate Oscillator, 1985; TA-Lib ULTOSC",
    example: "SELECT ts, ultosc(high, low, close, 7, 14, 28) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Ultosc, 3, 1>,
};

struct Ultosc {
    previous_close: f64,
    windows: [Ladder<Sums, 2, 2>; 3],
}

impl State<3, 1> for Ultosc {
    fn new(params: &Params) -> Self {
        let mut periods = [0, 1, 2].map(|k| params.period(k));
        periods.sort_unstable();
        Ultosc { previous_close: f64::NAN, windows: periods.map(Ladder::new) }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        let previous = std::mem::replace(&mut self.previous_close, close);
        let parts = pressure_and_range(high, low, close, previous);
        let [short, middle, long] = self.windows.each_mut().map(|window| {
            let [pressure, range] = window.push(parts);
            share(pressure, range)
        });
        [index(short, middle, long)]
    }
}

/// Buying pressure and true range of a bar.
#[inline(always)]
fn pressure_and_range(high: f64, low: f64, close: f64, previous: f64) -> [f64; 2] {
    // A missing close counts for its own bar too.
    let range = true_range(high, low, previous) + close * 0.0;
    [close - if previous < low { previous } else { low }, range]
}

/// The pressure as a share of the range, zero without any.
#[inline(always)]
fn share(pressure: f64, range: f64) -> f64 {
    if range == 0.0 { 0.0 } else { pressure / range }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let ([high, low, close], out) = ([inputs[0], inputs[1], inputs[2]], &mut outputs[0]);
    let len = close.len();
    make_room(out, len);
    let fill = |start: usize, [pressures, ranges]: [&mut [f64]; 2]| {
        // The first bar has no range.
        let skipped = usize::from(start == 0).min(pressures.len());
        pressures[..skipped].fill(f64::NAN);
        ranges[..skipped].fill(f64::NAN);
        let first = start + skipped;
        let bars = [&high[first..], &low[first..], &close[first..], &close[first.max(1) - 1..]];
        pressures_and_ranges(bars, &mut pressures[skipped..], &mut ranges[skipped..]);
    };
    let mut periods = [0, 1, 2].map(|k| params.period(k));
    periods.sort_unstable();
    every_windows::<Sums, 2, 2, 3>(len, periods, fill, |_, [bars, _], windows| {
        weighted_shares(windows, next_places(out, bars.len()));
    });
}

widest_fn! {
    /// The pressures and ranges of bars, given with the closes before them.
    [] []
    fn pressures_and_ranges(bars: [&[f64]; 4], pressures: &mut [f64], ranges: &mut [f64]) {
        let bars = bars.map(|column| &column[..pressures.len()]);
        run_each(bars, [pressures, ranges], |[high, low, close, before]| {
            pressure_and_range(finite(high), finite(low), finite(close), finite(before))
        });
    }
}

widest_fn! {
    /// The index of the windows from the shortest to the longest, and `NaN` for what is not finite.
    [] []
    fn weighted_shares(windows: [[&mut [f64]; 2]; 3], out: &mut [f64]) {
        let [[a, a_range], [b, b_range], [c, c_range]] = windows.map(|window| window.map(|column| &column[..out.len()]));
        for (i, out) in out.iter_mut().enumerate() {
            *out = finite(index(share(a[i], a_range[i]), share(b[i], b_range[i]), share(c[i], c_range[i])));
        }
    }
}

/// The weighted mean of the shares, in percent.
#[inline(always)]
fn index(short: f64, middle: f64, long: f64) -> f64 {
    100.0 / 7.0 * (4.0 * short + 2.0 * middle + long)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, 4.0], &[1.0, 2.0, 2.0], &[1.0, 3.0, 2.0]], &[1.0, 1.0, 2.0]).unwrap();
        assert!(out[0][1].is_nan());
        // The last bar has no pressure; both together have two of four.
        assert!((out[0][2] - 100.0 / 7.0 * 0.5).abs() < 1e-12);
    }
}
