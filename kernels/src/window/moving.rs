//! Extremes of every window of a whole series, with the values of the windows that are stepped.

use super::ladder::Ladders;
use super::room::{PIECE, make_room, next_places};
use super::series::every_window;
use super::summary::{Extreme, HighestAndLowest, Peak};
use crate::simd::{all_finite, finite, is_finite, widest};

/// Highest high and lowest low of every window, with the values of [`Channel`](super::Channel), handed out in pieces with the
/// position of the first; `NaN` before `period` bars and while a price in the window is not finite.
pub fn moving_channel(high: &[f64], low: &[f64], period: usize, mut f: impl FnMut(usize, &[f64], &[f64])) {
    let fill = |start: usize, [highs, lows]: [&mut [f64]; 2]| {
        let (high, low) = (&high[start..], &low[start..]);
        widest(|| {
            for (((highest, lowest), high), low) in highs.iter_mut().zip(lows).zip(high).zip(low) {
                let is_known = is_finite(*high) & is_finite(*low);
                *highest = if is_known { *high } else { f64::INFINITY };
                *lowest = if is_known { *low } else { f64::NEG_INFINITY };
            }
        });
    };
    every_window::<HighestAndLowest, 2, 2>(high.len(), period, fill, |start, _, [highs, lows]| {
        hide(start, period, highs);
        hide(start, period, lows);
        f(start, highs, lows);
    });
}

/// Highest value of every window of a series; `NaN` before `period` bars and while a value in the window is not finite.
pub fn moving_highest(values: &[f64], period: usize, out: &mut Vec<f64>) {
    moving_extreme::<true>(values, f64::INFINITY, period, out);
}

/// Lowest value of every window, otherwise as [`moving_highest`].
pub fn moving_lowest(values: &[f64], period: usize, out: &mut Vec<f64>) {
    moving_extreme::<false>(values, f64::NEG_INFINITY, period, out);
}

fn moving_extreme<const HIGHEST: bool>(values: &[f64], missing: f64, period: usize, out: &mut Vec<f64>) {
    make_room(out, values.len());
    let mut ladders = Ladders::<Extreme<HIGHEST>, 1, 1>::within(values.len(), period);
    let mut marked = [0.0; PIECE];
    // Where all windows are known again.
    let mut known = period - 1;
    for (start, values) in (0..).step_by(PIECE).zip(values.chunks(PIECE)) {
        let extremes = next_places(out, values.len());
        if widest(|| all_finite([values])) {
            ladders.extend([values], [&mut *extremes]);
        } else {
            let marked = &mut marked[..values.len()];
            widest(|| {
                marked.iter_mut().zip(values).for_each(|(bar, &x)| *bar = if is_finite(x) { x } else { missing })
            });
            ladders.extend([marked], [&mut *extremes]);
            known = start + values.len() + period;
        }
        if start < known {
            hide(start, period, extremes);
        }
    }
}

/// Bars since the newest highest value of every window, with the values of [`SincePeak`](super::SincePeak), otherwise as
/// [`moving_channel`]. `fill` writes the values from a place on; negated ones give the bars since the lowest.
pub fn moving_age(len: usize, period: usize, fill: impl Fn(usize, &mut [f64]), mut f: impl FnMut(usize, &[f64])) {
    let fill = |start: usize, [values, places]: [&mut [f64]; 2]| {
        fill(start, values);
        widest(|| {
            for (i, (value, place)) in values.iter_mut().zip(places).enumerate() {
                *value = if is_finite(*value) { *value } else { f64::INFINITY };
                *place = (start + i) as f64;
            }
        });
    };
    every_window::<Peak, 2, 2>(len, period, fill, |start, _, [peaks, ages]| {
        hide(start, period, peaks);
        widest(|| {
            for (i, (age, peak)) in ages.iter_mut().zip(peaks).enumerate() {
                let since = (start + i) as f64 - *age;
                *age = if peak.is_nan() { f64::NAN } else { since };
            }
        });
        f(start, ages);
    });
}

/// Nothing where a bar of the window is missing or there are too few of them.
fn hide(start: usize, period: usize, extremes: &mut [f64]) {
    let early = (period - 1).saturating_sub(start).min(extremes.len());
    extremes[..early].fill(f64::NAN);
    widest(|| extremes.iter_mut().for_each(|x| *x = finite(*x)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::{Channel, Max, Min, SincePeak, Sliding};

    fn values(len: usize) -> Vec<f64> {
        let odd = [f64::NAN, f64::INFINITY, 1e300, -0.0, 0.0];
        let value = |i: usize| match i % 197 {
            k if k < 5 && len > 100 => odd[k],
            k if k < 40 => 1.1,
            k => 100.0 + (k as f64 * 0.37).sin(),
        };
        (0..len).map(value).collect()
    }

    fn same(a: f64, b: f64) -> bool {
        a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()
    }

    #[test]
    fn channels_have_the_values_of_the_window() {
        for len in [0, 1, 2, 19, 600, 3000] {
            for period in [1, 2, 3, 7, 20, 64, 700, 2500] {
                let high = values(len);
                let low: Vec<f64> = values(len + 3)[3..].iter().map(|x| x - 2.0).collect();
                let mut columns = [vec![], vec![]];
                moving_channel(&high, &low, period, |start, highs, lows| {
                    assert_eq!(start, columns[0].len());
                    columns[0].extend_from_slice(highs);
                    columns[1].extend_from_slice(lows);
                });
                let (mut highest, mut lowest) = (vec![], vec![]);
                moving_highest(&high, period, &mut highest);
                moving_lowest(&low, period, &mut lowest);
                let mut ages = vec![];
                let fill = |start: usize, out: &mut [f64]| out.copy_from_slice(&high[start..][..out.len()]);
                moving_age(len, period, fill, |_, values| ages.extend_from_slice(values));
                let (mut max, mut min) = (Sliding::<Max>::new(period), Sliding::<Min>::new(period));
                let mut since = SincePeak::new(period);
                for i in 0..len {
                    let max = max.push(finite(high[i])).map_or(f64::NAN, |max| max.0);
                    let min = min.push(finite(low[i])).map_or(f64::NAN, |min| min.0);
                    assert!(same(max, highest[i]) && same(min, lowest[i]), "{i}, period {period}");
                    assert!(same(since.step(finite(high[i])), ages[i]), "{i}, period {period}");
                }
                let mut channel = Channel::new(period);
                for i in 0..len {
                    let known = high[i].is_finite() && low[i].is_finite();
                    let step = channel.step(if known { high[i] } else { f64::NAN }, low[i]);
                    assert!(same(step[0], columns[0][i]) && same(step[1], columns[1][i]), "{i}, period {period}");
                }
            }
        }
    }
}
