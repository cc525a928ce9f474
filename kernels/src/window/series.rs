//! Aggregates of every window of a whole series, with the bits of [`Sliding`](super::Sliding).
//!
//! The same blocks, but several of them side by side: the aggregates from the start of a block and those to its end wait
//! for the ones before them, blocks do not wait for each other. Number by number the blocks lie in lanes, so that one
//! vector instruction joins all of them.

use super::room::make_room;
use super::sliding::{Aggregate, Sliding};
use crate::quotient::divide;
#[cfg(target_arch = "x86_64")]
use crate::simd::has_avx2;

/// An aggregate of bars of `K` numbers that is itself made of `N` numbers.
pub trait Plain<const K: usize, const N: usize, V = f64>: Aggregate<V> {
    /// The summary of one bar.
    fn bar(values: [f64; K]) -> Self;

    /// The aggregate of these numbers.
    fn from_numbers(numbers: [f64; N]) -> Self;

    /// Its numbers, from which [`Plain::from_numbers`] makes it again.
    fn numbers(self) -> [f64; N];
}

/// Blocks side by side.
const LANES: usize = 8;

/// Bars that are worked on at a time, if the period is not long, so that they stay in the nearest cache.
pub const PIECE: usize = 1024;

/// Longest window whose blocks are taken side by side; more of longer ones do not fit into the cache.
const LONGEST: usize = 2048;

/// The aggregates of all blocks at one place.
type Row<const N: usize> = [[f64; LANES]; N];

/// One more lane, which comes first: the last block of the group before.
type Rest<const N: usize> = [[f64; LANES + 1]; N];

/// Hands the aggregate of the window that ends at each of `len` places to `emit`, in order and in pieces: the first place
/// and a slice per number of the aggregate; `NaN` at the first `period - 1` places. `fill` writes the bars from a place
/// on, a slice per number, and `emit` gets them too. What is not finite must not get in, but for `NaN`, and may come out.
#[inline(always)]
pub fn every_window<A: Plain<K, N, V>, V: Default, const K: usize, const N: usize>(
    len: usize,
    period: usize,
    mut fill: impl FnMut(usize, [&mut [f64]; K]),
    mut emit: impl FnMut(usize, [&[f64]; K], [&mut [f64]; N]),
) {
    let mut windows = Windows::<A, V, K, N>::new(period);
    let piece = windows.piece().min(len.next_multiple_of(LANES * period.min(LONGEST)));
    let mut bars = [(); K].map(|()| vec![f64::NAN; piece]);
    let mut aggregates = [(); N].map(|()| vec![f64::NAN; piece]);
    for start in (0..len).step_by(piece.max(1)) {
        let filled = piece.min(len - start);
        fill(start, bars.each_mut().map(|column| &mut column[..filled]));
        windows.extend(bars.each_ref().map(|column| &column[..]), aggregates.each_mut().map(|column| &mut column[..]));
        let bars = bars.each_ref().map(|column| &column[..filled]);
        emit(start, bars, aggregates.each_mut().map(|column| &mut column[..filled]));
    }
}

/// The mean of every window, in the place of the sum that the aggregate begins with, and its other numbers, otherwise as
/// [`every_window`]. A window of equal values has that value as its mean and nothing but zeros otherwise.
#[inline(always)]
pub fn every_mean<A: Plain<1, N>, const N: usize>(
    len: usize,
    period: usize,
    mut fill: impl FnMut(usize, &mut [f64]),
    mut emit: impl FnMut(usize, &[f64], [&mut [f64]; N]),
) {
    let mut runs = Runs::new(period);
    let fill = |start: usize, [bars]: [&mut [f64]; 1]| fill(start, bars);
    every_window::<A, f64, 1, N>(len, period, fill, |start, [bars], mut numbers| {
        divide(numbers[0], period as f64);
        runs.visit(bars, |i| {
            numbers[0][i] = bars[i];
            numbers[1..].iter_mut().for_each(|column| column[i] = 0.0);
        });
        emit(start, bars, numbers);
    });
}

/// A column out of a whole series by [`every_mean`]; `f` makes each piece of it from the values and the numbers, and what is
/// not finite becomes `NaN`.
#[inline(always)]
pub fn column_of_means<A: Plain<1, N>, const N: usize>(
    values: &[f64],
    period: usize,
    out: &mut Vec<f64>,
    mut f: impl FnMut(&[f64], [&mut [f64]; N], &mut [f64]),
) {
    make_room(out, values.len());
    let fill = |start: usize, bars: &mut [f64]| copy_finite(&values[start..], bars);
    every_mean::<A, N>(values.len(), period, fill, |start, bars, numbers| {
        let out = &mut out[start..][..bars.len()];
        f(bars, numbers, out);
        out.iter_mut().for_each(|x| *x = finite(*x));
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
    pub fn visit(&mut self, values: &[f64], mut visit: impl FnMut(usize)) {
        let (Some(&first), Some(&last)) = (values.first(), values.last()) else { return };
        let repeats = |pair: &[f64]| u64::from(pair[0] == pair[1]);
        let equal = values.windows(2).map(repeats).sum::<u64>() as usize;
        let before = if first == self.last { self.run } else { 0 };
        // Mostly too few neighbours are equal for a single window.
        if before + equal + 1 < self.period {
            let run = values.iter().rev().take_while(|x| **x == last).count();
            self.run = if run == values.len() { before + run } else { run.max(1) };
            self.last = last;
            return;
        }
        for (i, &x) in values.iter().enumerate() {
            self.run = if x == self.last { self.run + 1 } else { 1 };
            self.last = x;
            if self.run >= self.period && !x.is_nan() {
                visit(i);
            }
        }
    }
}

/// Copies what is finite, with `NaN` for the rest.
pub fn copy_finite(values: &[f64], out: &mut [f64]) {
    for (out, &x) in out.iter_mut().zip(values) {
        *out = finite(x);
    }
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

/// The value itself, or `NaN` for an infinite one.
#[inline(always)]
pub fn finite(x: f64) -> f64 {
    // An infinite difference with itself is no number; a form that every vector unit has.
    if x - x == 0.0 { x } else { f64::NAN }
}

/// What is kept from one piece to the next.
enum Windows<A, V, const K: usize, const N: usize> {
    /// For each place of a block the aggregate of what follows it.
    Blocks(usize, Vec<Rest<N>>),
    Steps(Sliding<A, V>),
}

impl<A: Plain<K, N, V>, V: Default, const K: usize, const N: usize> Windows<A, V, K, N> {
    fn new(period: usize) -> Self {
        if period > LONGEST {
            return Windows::Steps(Sliding::new(period));
        }
        Windows::Blocks(period, vec![[[f64::NAN; LANES + 1]; N]; period - 1])
    }

    /// Bars in a piece.
    fn piece(&self) -> usize {
        match self {
            Windows::Blocks(period, _) => LANES * period * (PIECE / (LANES * period)).max(1),
            Windows::Steps(_) => PIECE,
        }
    }

    fn extend(&mut self, bars: [&[f64]; K], mut out: [&mut [f64]; N]) {
        match self {
            Windows::Blocks(period, rest) => {
                let group = LANES * *period;
                for start in (0..bars[0].len()).step_by(group) {
                    let bars = bars.map(|column| &column[start..start + group]);
                    let out = out.each_mut().map(|column| &mut column[start..start + group]);
                    groups::<A, V, K, N>(*period, rest, bars, out);
                }
            }
            Windows::Steps(sliding) => {
                for i in 0..bars[0].len() {
                    let window = sliding.push_summary(A::bar(bars.map(|column| column[i])));
                    let numbers = window.map_or([f64::NAN; N], A::numbers);
                    out.iter_mut().zip(numbers).for_each(|(column, number)| column[i] = number);
                }
            }
        }
    }
}

/// The windows that end in the next blocks.
fn groups<A: Plain<K, N, V>, V, const K: usize, const N: usize>(
    period: usize,
    rest: &mut [Rest<N>],
    bars: [&[f64]; K],
    out: [&mut [f64]; N],
) {
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: the processor has AVX2, which is all that the function needs.
        #[allow(unsafe_code)]
        return unsafe { groups_avx2::<A, V, K, N>(period, rest, bars, out) };
    }
    groups_either::<A, V, K, N>(period, rest, bars, out);
}

/// The same code with wider instructions.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn groups_avx2<A: Plain<K, N, V>, V, const K: usize, const N: usize>(
    period: usize,
    rest: &mut [Rest<N>],
    bars: [&[f64]; K],
    out: [&mut [f64]; N],
) {
    groups_either::<A, V, K, N>(period, rest, bars, out);
}

#[inline(always)]
fn groups_either<A: Plain<K, N, V>, V, const K: usize, const N: usize>(
    period: usize,
    rest: &mut [Rest<N>],
    bars: [&[f64]; K],
    out: [&mut [f64]; N],
) {
    let bars: [[&[f64]; LANES]; K] = bars.map(|column| blocks(column, period));
    let mut out: [[&mut [f64]; LANES]; N] = out.map(|column| blocks_mut(column, period));
    let rest = &mut rest[..period - 1];
    // To the end of each block.
    let mut suffix = bars_at::<A, V, K, N>(&bars, period - 1);
    for k in (0..period - 1).rev() {
        for f in 0..N {
            rest[k][f][1..].copy_from_slice(&suffix[f]);
        }
        suffix = joined::<A, V, K, N>(&bars_at::<A, V, K, N>(&bars, k), 1.0, &suffix, (period - 1 - k) as f64);
    }
    // From the start of each block, after the rest of the one before; the last place has its own aggregate.
    let mut prefix = bars_at::<A, V, K, N>(&bars, 0);
    for k in 0..period - 1 {
        let mut older = [[0.0; LANES]; N];
        for f in 0..N {
            older[f].copy_from_slice(&rest[k][f][..LANES]);
            rest[k][f][0] = rest[k][f][LANES];
        }
        let newer_len = (k + 1) as f64;
        put(&mut out, k, &joined::<A, V, K, N>(&older, period as f64 - newer_len, &prefix, newer_len));
        prefix = joined::<A, V, K, N>(&prefix, newer_len, &bars_at::<A, V, K, N>(&bars, k + 1), 1.0);
    }
    put(&mut out, period - 1, &prefix);
}

/// The summaries of the bars at one place of each block.
#[inline(always)]
fn bars_at<A: Plain<K, N, V>, V, const K: usize, const N: usize>(bars: &[[&[f64]; LANES]; K], k: usize) -> Row<N> {
    let mut row = [[0.0; LANES]; N];
    for lane in 0..LANES {
        let numbers = A::bar(std::array::from_fn(|column| bars[column][lane][k])).numbers();
        for f in 0..N {
            row[f][lane] = numbers[f];
        }
    }
    row
}

#[inline(always)]
fn joined<A: Plain<K, N, V>, V, const K: usize, const N: usize>(
    older: &Row<N>,
    older_len: f64,
    newer: &Row<N>,
    newer_len: f64,
) -> Row<N> {
    let mut row = [[0.0; LANES]; N];
    for lane in 0..LANES {
        let older = A::from_numbers(std::array::from_fn(|f| older[f][lane]));
        let newer = A::from_numbers(std::array::from_fn(|f| newer[f][lane]));
        let numbers = A::join(older, older_len, newer, newer_len).numbers();
        for f in 0..N {
            row[f][lane] = numbers[f];
        }
    }
    row
}

#[inline(always)]
fn put<const N: usize>(out: &mut [[&mut [f64]; LANES]; N], k: usize, row: &Row<N>) {
    for f in 0..N {
        for lane in 0..LANES {
            out[f][lane][k] = row[f][lane];
        }
    }
}

/// The blocks of a group.
#[inline(always)]
fn blocks(mut group: &[f64], period: usize) -> [&[f64]; LANES] {
    std::array::from_fn(|_| {
        let (block, rest) = group.split_at(period);
        group = rest;
        block
    })
}

#[inline(always)]
fn blocks_mut(mut group: &mut [f64], period: usize) -> [&mut [f64]; LANES] {
    std::array::from_fn(|_| {
        let (block, rest) = std::mem::take(&mut group).split_at_mut(period);
        group = rest;
        block
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::{Moments, Sum, Trend};

    fn same<A: Plain<1, N>, const N: usize>() {
        let values: Vec<f64> = (0..3000).map(|i| if i == 77 { f64::NAN } else { (i as f64 * 0.7).sin() }).collect();
        for len in [0, 1, 50, 300, 3000] {
            for period in [1, 2, 3, 10, 49, 50, 299, 300, 301, 2100] {
                let mut sliding = Sliding::<A>::new(period);
                let mut places = 0;
                let fill = |start: usize, [bars]: [&mut [f64]; 1]| bars.copy_from_slice(&values[start..][..bars.len()]);
                every_window::<A, f64, 1, N>(len, period, fill, |start, _, columns| {
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
