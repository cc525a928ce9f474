//! What moving windows give for whole series, with the bits of the ones that are stepped.

use super::aggregate::Sum;
use super::blocks::{Plain, Windows};
use super::room::{make_room, next_places};
use crate::quotient::divide;
use crate::simd::{fetch_after, finite, widest};

/// Hands what `pick` makes of the aggregate of the window that ends at each of `len` places to `emit`, in order and in pieces:
/// the first place, the bars and a slice per number; `NaN` at the first `period - 1` places. `fill` writes the bars from a
/// place on, a slice per number. What is not finite must not get in, but for `NaN`, and may come out.
#[inline(always)]
pub fn every_window<A: Plain<K, N, V>, V: Default, const K: usize, const N: usize, const M: usize>(
    len: usize,
    period: usize,
    mut fill: impl FnMut(usize, [&mut [f64]; K]),
    pick: impl Fn(A) -> [f64; M] + Copy,
    mut emit: impl FnMut(usize, [&[f64]; K], [&mut [f64]; M]),
) {
    let mut windows = Windows::<A, V, K, N, M>::new(period);
    let piece = windows.piece(len).min(len.next_multiple_of(windows.group()));
    let mut bars = [(); K].map(|()| vec![f64::NAN; piece]);
    let mut picked = [(); M].map(|()| vec![f64::NAN; piece]);
    for start in (0..len).step_by(piece.max(1)) {
        let filled = piece.min(len - start);
        fill(start, bars.each_mut().map(|column| &mut column[..filled]));
        windows.extend(
            bars.each_ref().map(|column| &column[..]),
            pick,
            picked.each_mut().map(|column| &mut column[..]),
        );
        let bars = bars.each_ref().map(|column| &column[..filled]);
        emit(start, bars, picked.each_mut().map(|column| &mut column[..filled]));
    }
}

/// A column out of a whole series by [`every_window`]: `finish` makes each piece of it of the values and what was picked,
/// `flat` what a window of equal values has instead; neither may give an infinity.
#[inline(always)]
pub fn moving_column<A: Plain<1, N>, const N: usize, const M: usize>(
    values: &[f64],
    period: usize,
    out: &mut Vec<f64>,
    pick: impl Fn(A) -> [f64; M] + Copy,
    flat: impl Fn(f64) -> f64,
    finish: impl FnMut(&[f64], [&mut [f64]; M], &mut [f64]),
) {
    let fill = |start: usize, bars: &mut [f64]| copy_finite(&values[start..], bars);
    filled_column(values.len(), period, out, fill, pick, flat, finish);
}

/// The same of a series that is made by `fill`, as in [`every_window`].
#[inline(always)]
pub(super) fn filled_column<A: Plain<1, N>, const N: usize, const M: usize>(
    len: usize,
    period: usize,
    out: &mut Vec<f64>,
    mut fill: impl FnMut(usize, &mut [f64]),
    pick: impl Fn(A) -> [f64; M] + Copy,
    flat: impl Fn(f64) -> f64,
    mut finish: impl FnMut(&[f64], [&mut [f64]; M], &mut [f64]),
) {
    make_room(out, len);
    let mut runs = Runs::new(period);
    let fill = |start: usize, [bars]: [&mut [f64]; 1]| fill(start, bars);
    every_window::<A, f64, 1, N, M>(len, period, fill, pick, |_, [bars], picked| {
        let out = next_places(out, bars.len());
        finish(bars, picked, out);
        runs.visit(bars, |i| out[i] = flat(bars[i]));
    });
}

/// The means of a series that is made by `fill`, handed to `emit` in pieces with the first place; a window of equal values has
/// that value as its mean. What is not finite may come out.
#[inline(always)]
pub fn every_mean(
    len: usize,
    period: usize,
    mut fill: impl FnMut(usize, &mut [f64]),
    mut emit: impl FnMut(usize, &mut [f64]),
) {
    let mut runs = Runs::new(period);
    let fill = |start: usize, [bars]: [&mut [f64]; 1]| fill(start, bars);
    every_window(len, period, fill, Sum::numbers, |start, [bars], [means]| {
        divide(means, period as f64);
        runs.visit(bars, |i| means[i] = bars[i]);
        emit(start, means);
    });
}

/// Windows of equal values in a series that is given in pieces.
pub struct Runs {
    period: usize,
    last: f64,
    /// Equal values up to the last one.
    run: usize,
}

impl Runs {
    /// Windows of `period` values.
    pub fn new(period: usize) -> Self {
        Runs { period, last: f64::NAN, run: 0 }
    }

    /// Calls `visit` with the place in the next values of the last one of each such window.
    #[inline(always)]
    pub fn visit(&mut self, values: &[f64], visit: impl FnMut(usize)) {
        if !self.pass(values) {
            self.count(values, visit);
        }
    }

    /// Takes the next values if none of them can end such a window: mostly too few neighbours are equal.
    #[inline(never)]
    fn pass(&mut self, values: &[f64]) -> bool {
        let (Some(&first), Some(&last)) = (values.first(), values.last()) else { return true };
        let equal = widest(|| {
            let pairs = values.iter().zip(&values[1..]);
            pairs.fold(0_u64, |equal, (a, b)| equal + u64::from(a == b))
        });
        let before = if first == self.last { self.run } else { 0 };
        if before + equal as usize + 1 >= self.period {
            return false;
        }
        let run = values.iter().rev().take_while(|x| **x == last).count();
        self.run = if run == values.len() { before + run } else { run.max(1) };
        self.last = last;
        true
    }

    #[cold]
    #[inline(never)]
    fn count(&mut self, values: &[f64], mut visit: impl FnMut(usize)) {
        for (i, &x) in values.iter().enumerate() {
            self.run = if x == self.last { self.run + 1 } else { 1 };
            self.last = x;
            if self.run >= self.period && !x.is_nan() {
                visit(i);
            }
        }
    }
}

/// Copies what is finite of the first values, with `NaN` for the rest, and asks for those after them.
pub fn copy_finite(values: &[f64], out: &mut [f64]) {
    fetch_after(&values[..out.len().min(values.len())], values.len());
    widest(|| out.iter_mut().zip(values).for_each(|(out, &x)| *out = finite(x)));
}

/// What `f` makes of each value from a place of a series on and the one before it, which is `NaN` for the first.
#[inline(always)]
pub fn changes_from(values: &[f64], start: usize, out: &mut [f64], f: impl Fn(f64, f64) -> f64) {
    let now = &values[start..][..out.len()];
    if let (Some(out), Some(&first)) = (out.first_mut(), now.first()) {
        *out = f(start.checked_sub(1).map_or(f64::NAN, |before| values[before]), first);
    }
    for (out, pair) in out.iter_mut().skip(1).zip(now.windows(2)) {
        *out = f(pair[0], pair[1]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::{Moments, Sliding, Trend};

    fn same<A: Plain<1, N>, const N: usize>() {
        let values: Vec<f64> = (0..3000).map(|i| if i == 77 { f64::NAN } else { (i as f64 * 0.7).sin() }).collect();
        for len in [0, 1, 50, 300, 3000] {
            for period in [1, 2, 3, 10, 49, 50, 299, 300, 301, 2100] {
                let mut sliding = Sliding::<A>::new(period);
                let mut places = 0;
                let fill = |start: usize, [bars]: [&mut [f64]; 1]| bars.copy_from_slice(&values[start..][..bars.len()]);
                every_window::<A, f64, 1, N, N>(len, period, fill, A::numbers, |start, _, columns| {
                    assert_eq!(start, places);
                    places += columns[0].len();
                    for i in 0..columns[0].len() {
                        let expected = sliding.push(values[start + i]).map_or([f64::NAN; N], A::numbers);
                        for (column, expected) in columns.iter().zip(expected) {
                            let got = column[i];
                            let is_same = got.to_bits() == expected.to_bits() || got.is_nan() && expected.is_nan();
                            assert!(is_same, "{got} instead of {expected} at {}, period {period}", start + i);
                        }
                    }
                });
                assert_eq!(places, len);
            }
        }
    }

    #[test]
    fn has_the_bits_of_the_steps() {
        same::<Sum, 1>();
        same::<Moments, 2>();
        same::<Trend, 2>();
    }
}
