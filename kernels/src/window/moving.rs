//! Extremes of every window of a whole series, with the values of the windows that are stepped.
//!
//! A window of `2 w` values has the extremes of the two windows of `w` values in it, and windows may overlap: the
//! logarithm of `period` passes without a branch, in place of blocks.

use super::aggregate::{Max, Min};
use super::extremes::{Channel, SincePeak};
use super::room::PIECE;
use super::sliding::Sliding;
use crate::simd::{LONG_PIECE, SHORT, fetch_after, finite, is_finite, widest};

/// Longest window whose extremes are found by doubling.
const DOUBLED: usize = 2048;

/// Which extreme is sought.
const HIGH: bool = true;
const LOW: bool = false;

/// Highest high and lowest low of every window, with the values of [`Channel`], handed out in pieces with the position
/// of the first; `NaN` before `period` bars and while a price in the window is not finite.
pub fn moving_channel(high: &[f64], low: &[f64], period: usize, mut f: impl FnMut(usize, &[f64], &[f64])) {
    let len = high.len();
    if period > DOUBLED {
        let mut channel = Channel::new(period);
        for i in 0..len {
            let known = high[i].is_finite() & low[i].is_finite();
            let [high, low] = channel.step(if known { high[i] } else { f64::NAN }, low[i]);
            f(i, &[high], &[low]);
        }
        return;
    }
    let [mut highs, mut lows, mut spare] = [(); 3].map(|()| Vec::new());
    for (start, reach, bars) in pieces(len, period) {
        let from = start - reach;
        // A missing bar is infinitely high and low.
        let known = |(high, low): (&f64, &f64)| is_finite(*high) & is_finite(*low);
        fetch_after(&high[start..from + bars], len);
        fetch_after(&low[start..from + bars], len);
        let prices = || high[from..from + bars].iter().zip(&low[from..from + bars]);
        highs.resize(bars, 0.0);
        lows.resize(bars, 0.0);
        widest(|| {
            for ((highest, lowest), bar) in highs.iter_mut().zip(&mut lows).zip(prices()) {
                let is_known = known(bar);
                *highest = if is_known { *bar.0 } else { f64::INFINITY };
                *lowest = if is_known { *bar.1 } else { f64::NEG_INFINITY };
            }
        });
        widen::<HIGH>(&mut highs, &mut spare, period);
        widen::<LOW>(&mut lows, &mut spare, period);
        let (highs, lows) = (&mut highs[reach..], &mut lows[reach..]);
        hide(start, period, highs);
        hide(start, period, lows);
        f(start, highs, lows);
    }
}

/// Highest value of every window, with the values of `Sliding<Max>`, otherwise as [`moving_channel`].
pub fn moving_highest(values: &[f64], period: usize, f: impl FnMut(usize, &[f64])) {
    let mut window = Sliding::<Max>::new(period);
    moving_extreme::<HIGH>(values, period, |x| window.push(x).map_or(f64::NAN, |max| max.0), f);
}

/// Lowest value of every window, with the values of `Sliding<Min>`, otherwise as [`moving_channel`].
pub fn moving_lowest(values: &[f64], period: usize, f: impl FnMut(usize, &[f64])) {
    let mut window = Sliding::<Min>::new(period);
    moving_extreme::<LOW>(values, period, |x| window.push(x).map_or(f64::NAN, |min| min.0), f);
}

fn moving_extreme<const SIDE: bool>(
    values: &[f64],
    period: usize,
    mut step: impl FnMut(f64) -> f64,
    mut f: impl FnMut(usize, &[f64]),
) {
    if period > DOUBLED {
        values.iter().enumerate().for_each(|(i, &x)| f(i, &[step(finite(x))]));
        return;
    }
    let [mut extremes, mut spare] = [(); 2].map(|()| Vec::new());
    for (start, reach, bars) in pieces(values.len(), period) {
        fetch_after(&values[start..start - reach + bars], values.len());
        let missing = if SIDE { f64::INFINITY } else { f64::NEG_INFINITY };
        extremes.resize(bars, 0.0);
        widest(|| {
            for (extreme, &x) in extremes.iter_mut().zip(&values[start - reach..]) {
                *extreme = if is_finite(x) { x } else { missing };
            }
        });
        widen::<SIDE>(&mut extremes, &mut spare, period);
        hide(start, period, &mut extremes[reach..]);
        f(start, &extremes[reach..]);
    }
}

/// Bars since the newest highest value of every window, with the values of [`SincePeak`], otherwise as
/// [`moving_channel`]. `fill` writes the values from a place on; negated ones give the bars since the lowest.
pub fn moving_age(len: usize, period: usize, fill: impl Fn(usize, &mut [f64]), mut f: impl FnMut(usize, &[f64])) {
    let [mut values, mut ages, mut spare_values, mut spare_ages] = [(); 4].map(|()| Vec::new());
    let mut since = (period > DOUBLED).then(|| SincePeak::new(period));
    for (start, reach, bars) in pieces(len, if since.is_some() { 1 } else { period }) {
        values.resize(bars, 0.0);
        fill(start - reach, &mut values);
        if let Some(since) = &mut since {
            values.iter_mut().for_each(|x| *x = since.step(finite(*x)));
            f(start, &values);
            continue;
        }
        widest(|| values.iter_mut().for_each(|x| *x = if is_finite(*x) { *x } else { f64::INFINITY }));
        ages.clear();
        ages.resize(bars, 0.0);
        let mut width = 1;
        while width < period {
            let shift = width.min(period - width);
            join_ages([&values, &ages], &mut spare_values, &mut spare_ages, shift);
            std::mem::swap(&mut values, &mut spare_values);
            std::mem::swap(&mut ages, &mut spare_ages);
            width += shift;
        }
        for (i, (age, value)) in ages.iter_mut().zip(&values).enumerate().skip(reach) {
            let hidden = (*value == f64::INFINITY) | (start + i + 1 < period + reach);
            *age = if hidden { f64::NAN } else { *age };
        }
        f(start, &ages[reach..]);
    }
}

/// The first bar of each piece, how many bars before it are needed, and how many there are with them.
fn pieces(len: usize, period: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    let piece = if len > SHORT { 2 * LONG_PIECE } else { PIECE }.max(period);
    (0..len).step_by(piece).map(move |start| {
        let reach = start.min(period - 1);
        (start, reach, reach + piece.min(len - start))
    })
}

/// Nothing where a bar of the window is missing or there are too few of them.
fn hide(start: usize, period: usize, extremes: &mut [f64]) {
    let early = (period - 1).saturating_sub(start).min(extremes.len());
    extremes[..early].fill(f64::NAN);
    widest(|| extremes.iter_mut().for_each(|x| *x = finite(*x)));
}

/// Turns values into the extremes of the windows that end there; windows that begin before the first value end early.
fn widen<const SIDE: bool>(values: &mut Vec<f64>, spare: &mut Vec<f64>, period: usize) {
    let mut width = 1;
    while width < period {
        // Four windows at a time, which may overlap.
        let reach = (4 * width).min(period) - width;
        let shifts = [width.min(reach), (2 * width).min(reach), reach];
        spare.resize(values.len(), 0.0);
        let first = reach.min(values.len());
        for i in 0..first {
            let earlier = |shift: usize| values[i.saturating_sub(shift)];
            spare[i] = shifts.into_iter().map(earlier).fold(values[i], |newer, older| extreme::<SIDE>(older, newer));
        }
        let columns = shifts.map(|shift| values.get(first - shift.min(first)..).unwrap_or_default());
        join_extremes::<SIDE>(&values[first..], columns, &mut spare[first..]);
        std::mem::swap(values, spare);
        width += reach;
    }
}

/// The larger or smaller of two values, of equal ones the newer.
#[inline(always)]
fn extreme<const SIDE: bool>(older: f64, newer: f64) -> f64 {
    if if SIDE { older > newer } else { older < newer } { older } else { newer }
}

fn join_extremes<const SIDE: bool>(newest: &[f64], [a, b, c]: [&[f64]; 3], out: &mut [f64]) {
    widest(|| {
        for ((((out, newest), a), b), c) in out.iter_mut().zip(newest).zip(a).zip(b).zip(c) {
            *out = extreme::<SIDE>(*c, extreme::<SIDE>(*b, extreme::<SIDE>(*a, *newest)));
        }
    });
}

/// Joins every value and its age with the ones `shift` places before.
fn join_ages([values, ages]: [&[f64]; 2], out_values: &mut Vec<f64>, out_ages: &mut Vec<f64>, shift: usize) {
    out_values.resize(values.len(), 0.0);
    out_ages.resize(values.len(), 0.0);
    let shift = shift.min(values.len());
    out_values[..shift].copy_from_slice(&values[..shift]);
    out_ages[..shift].copy_from_slice(&ages[..shift]);
    let (newer, newer_ages, len) = (&values[shift..], &ages[shift..], values.len() - shift);
    let (older, older_ages) = (&values[..len], &ages[..len]);
    let (out_values, out_ages) = (&mut out_values[shift..], &mut out_ages[shift..]);
    // Two loops of one column each are the ones that are made wide.
    let bars = shift as f64;
    widest(|| {
        for ((((out, age), older_age), newer), older) in
            out_ages.iter_mut().zip(newer_ages).zip(older_ages).zip(newer).zip(older)
        {
            let aged = older_age + bars;
            *out = if older > newer { aged } else { *age };
        }
    });
    widest(|| {
        for ((out, newer), older) in out_values.iter_mut().zip(newer).zip(older) {
            *out = extreme::<HIGH>(*older, *newer);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

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
                moving_highest(&high, period, |_, values| highest.extend_from_slice(values));
                moving_lowest(&low, period, |_, values| lowest.extend_from_slice(values));
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
