//! What moving windows give for whole series, with the bits of the ones that are stepped.

use super::ladder::{Ladders, Summary};
use super::room::{PIECE, make_room, next_places};
use super::summary::Sums;
use crate::quotient::quotients;
use crate::simd::{finite, fused, widest};

/// Makes a series of `len` bars piece by piece: `fill` writes the bars from a place on, a slice per number, and `take` gets them
/// with that place. All pieces but the last have a multiple of eight bars.
#[inline(always)]
pub(super) fn in_pieces<const K: usize>(
    len: usize,
    mut fill: impl FnMut(usize, [&mut [f64]; K]),
    mut take: impl FnMut(usize, [&[f64]; K]),
) {
    let mut bars = [[0.0; PIECE]; K];
    for start in (0..len).step_by(PIECE) {
        let filled = PIECE.min(len - start);
        fill(start, bars.each_mut().map(|column| &mut column[..filled]));
        take(start, bars.each_ref().map(|column| &column[..filled]));
    }
}

/// Hands the summary of the window that ends at each of `len` places to `emit`, in order and in pieces: the first place, the
/// bars and a slice per number; `NaN` at the first `period - 1` places. `fill` writes the bars from a place on, a slice per
/// number. Bars need not be finite; the summary of a window with one that is not is not either.
#[inline(always)]
pub fn every_window<S: Summary<K, N>, const K: usize, const N: usize>(
    len: usize,
    period: usize,
    fill: impl FnMut(usize, [&mut [f64]; K]),
    mut emit: impl FnMut(usize, [&[f64]; K], [&mut [f64]; N]),
) {
    every_windows::<S, K, N, 1>(len, [period], fill, |start, bars, [window]| emit(start, bars, window));
}

/// The same for several periods, whose windows are handed over together.
#[inline(always)]
pub fn every_windows<S: Summary<K, N>, const K: usize, const N: usize, const P: usize>(
    len: usize,
    periods: [usize; P],
    fill: impl FnMut(usize, [&mut [f64]; K]),
    mut emit: impl FnMut(usize, [&[f64]; K], [[&mut [f64]; N]; P]),
) {
    let mut ladders = periods.map(|period| Ladders::<S, K, N>::within(len, period));
    let mut windows = [[[0.0; PIECE]; N]; P];
    in_pieces(len, fill, |start, bars| {
        let mut windows = windows.each_mut().map(|window| window.each_mut().map(|column| &mut column[..bars[0].len()]));
        for (ladders, window) in ladders.iter_mut().zip(&mut windows) {
            ladders.extend(bars, window.each_mut().map(|column| &mut **column));
        }
        emit(start, bars, windows);
    });
}

/// A column out of a whole series: `finish` makes each piece of it of the values and the summaries of their windows, and `flat`
/// what a window of equal values has instead; neither may give an infinity. The values need not be finite; the summary of a
/// window with one that is not is not either.
#[inline(always)]
pub fn moving_column<S: Summary<1, N>, const N: usize>(
    values: &[f64],
    period: usize,
    out: &mut Vec<f64>,
    flat: impl Fn(f64) -> f64,
    mut finish: impl FnMut(&[f64], [&mut [f64]; N], &mut [f64]),
) {
    make_room(out, values.len());
    let mut windows = Windows::<S, N>::new(period, values.len());
    for values in values.chunks(PIECE) {
        windows.column(values, next_places(out, values.len()), &flat, &mut finish);
    }
}

/// The summaries of the windows of one series that is given in pieces, and which windows have equal values.
#[derive(Debug)]
pub(super) struct Windows<S, const N: usize> {
    ladders: Ladders<S, 1, N>,
    runs: Runs,
    summaries: [[f64; PIECE]; N],
}

impl<S: Summary<1, N>, const N: usize> Windows<S, N> {
    /// Windows of `period` values in a series of `len`.
    pub(super) fn new(period: usize, len: usize) -> Self {
        Windows { ladders: Ladders::within(len, period), runs: Runs::new(period), summaries: [[0.0; PIECE]; N] }
    }

    /// The column at the next values, as by [`moving_column`].
    #[inline(always)]
    pub(super) fn column(
        &mut self,
        values: &[f64],
        out: &mut [f64],
        flat: impl Fn(f64) -> f64,
        mut finish: impl FnMut(&[f64], [&mut [f64]; N], &mut [f64]),
    ) {
        for (values, out) in values.chunks(PIECE).zip(out.chunks_mut(PIECE)) {
            let mut summaries = self.summaries.each_mut().map(|summaries| &mut summaries[..values.len()]);
            self.ladders.extend([values], summaries.each_mut().map(|summaries| &mut **summaries));
            finish(values, summaries, out);
            self.runs.visit(values, |i| out[i] = flat(values[i]));
        }
    }
}

/// The means of a series that is given in pieces; a window of equal values has that value as its mean, and one with a value that
/// is not finite has none.
#[derive(Debug)]
pub struct Means {
    period: f64,
    windows: Windows<Sums, 1>,
}

impl Means {
    /// Windows of `period` values in a series of `len`.
    pub fn new(period: usize, len: usize) -> Self {
        Means { period: period as f64, windows: Windows::new(period, len) }
    }

    /// The means at the next values, of which there must be a multiple of eight, but for the last ones.
    #[inline(always)]
    pub fn extend(&mut self, values: &[f64], means: &mut [f64]) {
        self.windows.column(values, means, |x| x, |_, [sums], means| quotients(sums, self.period, means));
    }
}

/// [`Means`] of a whole series that is made by `fill`, handed to `emit` in pieces with the first place, as by
/// [`every_window`], for several periods.
#[inline(always)]
pub fn every_mean<const P: usize>(
    len: usize,
    periods: [usize; P],
    mut fill: impl FnMut(usize, &mut [f64]),
    mut emit: impl FnMut(usize, &[f64], [&mut [f64]; P]),
) {
    let mut windows = periods.map(|period| Means::new(period, len));
    let mut means = [[0.0; PIECE]; P];
    in_pieces(
        len,
        |start, [bars]| fill(start, bars),
        |start, [bars]| {
            let mut means = means.each_mut().map(|means| &mut means[..bars.len()]);
            for (window, means) in windows.iter_mut().zip(&mut means) {
                window.extend(bars, means);
            }
            emit(start, bars, means);
        },
    );
}

/// Windows of equal values in a series that is given in pieces.
#[derive(Debug)]
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
            if self.run >= self.period && x.is_finite() {
                visit(i);
            }
        }
    }
}

/// Copies what is finite of the first values, with `NaN` for the rest.
pub fn copy_finite(values: &[f64], out: &mut [f64]) {
    widest(|| out.iter_mut().zip(values).for_each(|(out, &x)| *out = finite(x)));
}

/// What `step` makes of each value of a series in turn, with `NaN` for what is not finite on both sides.
#[inline(always)]
pub(super) fn step_series(values: &[f64], out: &mut Vec<f64>, mut step: impl FnMut(f64) -> f64) {
    make_room(out, values.len());
    for values in values.chunks(PIECE) {
        let out = next_places(out, values.len());
        fused(|| out.iter_mut().zip(values).for_each(|(out, &x)| *out = finite(step(finite(x)))));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_handed_over_once() {
        let values: Vec<f64> = (0..3000).map(|i| ((i * 37) % 23) as f64).collect();
        for len in [0, 1, 50, 255, 256, 257, 3000] {
            let mut places = 0;
            let fill = |start: usize, [bars]: [&mut [f64]; 1]| bars.copy_from_slice(&values[start..][..bars.len()]);
            every_windows::<Sums, 1, 1, 3>(len, [1, 20, 300], fill, |start, [bars], windows| {
                assert_eq!((start, bars), (places, &values[places..][..bars.len()]));
                places += bars.len();
                for (period, [sums]) in [1, 20, 300].into_iter().zip(windows) {
                    for (i, sum) in sums.iter().enumerate() {
                        match (start + i + 1).checked_sub(period) {
                            Some(from) => assert_eq!(*sum, values[from..=start + i].iter().sum::<f64>()),
                            None => assert!(sum.is_nan()),
                        }
                    }
                }
            });
            assert_eq!(places, len);
        }
    }
}
