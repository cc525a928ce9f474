//! Ultimate oscillator, Williams (1985).
//!
//! The buying pressure, from the lower one of low and previous close up to the close, as a share of the true range,
//! over three windows with the weights 4, 2 and 1 from the shortest to the longest; their order does not matter. A
//! window without range counts as zero, as in TA-Lib. A missing bar gives no value as long as it is in one of the
//! windows. Equals TA-Lib `ULTOSC`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::simd::widest;
use crate::window::{Plain, Sliding, Sums, every_window, make_room, next_places, true_range};

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
    windows: [Sliding<Sums<2>>; 3],
}

impl State<3, 1> for Ultosc {
    fn new(params: &Params) -> Self {
        let mut periods = [0, 1, 2].map(|k| params.period(k));
        periods.sort_unstable();
        Ultosc { previous_close: f64::NAN, windows: periods.map(Sliding::new) }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        let previous = std::mem::replace(&mut self.previous_close, close);
        let parts = pressure_and_range(high, low, close, previous);
        let [short, middle, long] = self.windows.each_mut().map(|window| match window.push_summary(Sums(parts)) {
            Some(Sums([pressure, range])) => share(pressure, range),
            None => f64::NAN,
        });
        [100.0 / 7.0 * (4.0 * short + 2.0 * middle + long)]
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
    let [mut pressures, mut ranges] = [(); 2].map(|()| vec![f64::NAN; len]);
    if len > 0 {
        let (columns, bars) = ((&mut pressures[1..], &mut ranges[1..]), (&high[1..], &low[1..], &close[1..]));
        widest(|| pressures_and_ranges(columns, bars, close));
    }
    let mut periods = [0, 1, 2].map(|k| params.period(k));
    periods.sort_unstable();
    make_room(out, len);
    // Nothing, whatever the sign of what is added.
    next_places(out, len).fill(-0.0);
    for (period, weight) in periods.into_iter().zip([4.0, 2.0, 1.0]) {
        let fill = |start: usize, [first, second]: [&mut [f64]; 2]| {
            first.copy_from_slice(&pressures[start..][..first.len()]);
            second.copy_from_slice(&ranges[start..][..second.len()]);
        };
        every_window(len, period, fill, Sums::numbers, |start, _, [pressures, ranges]| {
            widest(|| {
                for ((out, pressure), range) in out[start..].iter_mut().zip(pressures).zip(ranges) {
                    *out += weight * share(*pressure, *range);
                }
            });
        });
    }
    widest(|| out.iter_mut().for_each(|out| *out = finite(100.0 / 7.0 * *out)));
}

/// The pressures and ranges of bars and the closes before them.
#[inline(always)]
fn pressures_and_ranges(
    (pressures, ranges): (&mut [f64], &mut [f64]),
    (high, low, close): (&[f64], &[f64], &[f64]),
    before: &[f64],
) {
    let columns = pressures.iter_mut().zip(ranges);
    for (((((pressure, range), high), low), close), before) in columns.zip(high).zip(low).zip(close).zip(before) {
        [*pressure, *range] = pressure_and_range(finite(*high), finite(*low), finite(*close), finite(*before));
    }
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
