//! Mean, spread and straight-line fit of the last `period` values.
//!
//! Equal values are recognised by counting them: their rounded sum need not divide back to the value, and a flat market
//! has to lie exactly on its average, with no deviation and no slope.

use super::aggregate::{Moments, Sum, Trend};
use super::room::make_room;
use super::sliding::{Aggregate, Sliding, slide};
use crate::quotient::Quotient;
#[cfg(target_arch = "x86_64")]
use crate::simd::has_avx2;

/// A [`Sliding`] window that also knows whether all of its values are equal.
#[derive(Debug, Clone)]
pub(super) struct Flat<A> {
    period: usize,
    window: Sliding<A>,
    last: f64,
    run: usize,
}

impl<A: Aggregate> Flat<A> {
    pub(super) fn new(period: usize) -> Self {
        Flat { period, window: Sliding::new(period), last: f64::NAN, run: 0 }
    }

    /// The aggregate of the window and whether it is flat, or `None` before `period` values.
    #[inline]
    pub(super) fn push(&mut self, value: f64) -> Option<(A, bool)> {
        self.run = if value == self.last { self.run + 1 } else { 1 };
        self.last = value;
        // One value is flat too, but a `NaN` is not.
        let flat = self.run >= self.period && !value.is_nan();
        self.window.push(value).map(|aggregate| (aggregate, flat))
    }

    /// The aggregate of the window or of all values before there are `period`, how many those are, and whether they are
    /// equal.
    #[inline]
    fn grow(&mut self, value: f64) -> (A, usize, bool) {
        self.run = if value == self.last { self.run + 1 } else { 1 };
        self.last = value;
        let (aggregate, count) = self.window.grow(value);
        (aggregate, count, self.run >= count && !value.is_nan())
    }
}

/// Moving mean.
#[derive(Debug, Clone)]
pub struct Mean(Flat<Sum>);

impl Mean {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        Mean(Flat::new(period))
    }

    /// Values in the window.
    pub fn period(&self) -> usize {
        self.0.period
    }

    /// Takes the next value; `NaN` before `period` values and while a `NaN` is in the window.
    #[inline]
    pub fn step(&mut self, value: f64) -> f64 {
        match self.0.push(value) {
            Some((_, true)) => value,
            Some((Sum(sum), false)) => sum / self.0.period as f64,
            None => f64::NAN,
        }
    }
}

/// The moving mean of a whole series, with the bits of [`Mean`]; `NaN` while a value in the window is not finite.
///
/// The same blocks in loops over slices. A sum waits for the one before it, so the blocks are added up several side by side;
/// the quotients wait for nothing. Memory beside the result: a few blocks, never more than the series.
pub fn moving_mean(values: &[f64], period: usize, out: &mut Vec<f64>) {
    make_room(out, values.len());
    let group_len = ABREAST * period * (GROUP / (ABREAST * period)).max(1);
    // What the block before adds to each place; nothing to the last place of a block, which has its own sum.
    let mut older = vec![f64::NAN; period.min(values.len())];
    if let Some(last) = older.get_mut(period - 1) {
        *last = -0.0;
    }
    for (group, out) in values.chunks(group_len).zip(out.chunks_mut(group_len)) {
        prefix_sums(group, period, out);
        suffix_sums(group, period, &mut older);
        means(out, &older, period);
        older.drain(..older.len().saturating_sub(period));
    }
    correct_flat_windows(values, period, out);
}

/// Blocks that are added up side by side.
const ABREAST: usize = 4;

/// Values that are gone through at once, if the period is not longer.
const GROUP: usize = 1024;

/// Sums from the start of each block. Not inlined, so that its pointers fit into registers.
#[inline(never)]
fn prefix_sums(group: &[f64], period: usize, out: &mut [f64]) {
    let (fours, out_fours) = (group.chunks_exact(ABREAST * period), out.chunks_exact_mut(ABREAST * period));
    let mut done = 0;
    for (group, out) in fours.zip(out_fours) {
        let ([a, b, c, d], [p, q, r, s]) = (quarters(group, period), quarters_mut(out, period));
        let mut sums = [-0.0; ABREAST];
        for i in 0..period {
            sums = [sums[0] + a[i], sums[1] + b[i], sums[2] + c[i], sums[3] + d[i]];
            (p[i], q[i], r[i], s[i]) = (sums[0], sums[1], sums[2], sums[3]);
        }
        done += ABREAST * period;
    }
    for (block, out) in group[done..].chunks(period).zip(out[done..].chunks_mut(period)) {
        let mut sum = -0.0;
        for (x, out) in block.iter().zip(out) {
            sum += x;
            *out = sum;
        }
    }
}

/// Appends, for each full block, what it adds to the places of the next one: the sums from each place but the first to its
/// end, and nothing.
#[inline(never)]
fn suffix_sums(group: &[f64], period: usize, older: &mut Vec<f64>) {
    let start = older.len();
    older.resize(start + group.len() / period * period, -0.0);
    let out = &mut older[start..];
    let (fours, out_fours) = (group.chunks_exact(ABREAST * period), out.chunks_exact_mut(ABREAST * period));
    let mut done = 0;
    for (group, out) in fours.zip(out_fours) {
        let ([a, b, c, d], [p, q, r, s]) = (quarters(group, period), quarters_mut(out, period));
        let mut sums = [-0.0; ABREAST];
        for i in (1..period).rev() {
            sums = [sums[0] + a[i], sums[1] + b[i], sums[2] + c[i], sums[3] + d[i]];
            (p[i - 1], q[i - 1], r[i - 1], s[i - 1]) = (sums[0], sums[1], sums[2], sums[3]);
        }
        done += ABREAST * period;
    }
    for (block, out) in group[done..].chunks_exact(period).zip(out[done..].chunks_exact_mut(period)) {
        let mut sum = -0.0;
        for (x, out) in block[1..].iter().zip(out).rev() {
            sum += x;
            *out = sum;
        }
    }
}

/// The four blocks of as many.
#[inline(always)]
fn quarters(group: &[f64], period: usize) -> [&[f64]; ABREAST] {
    let (front, back) = group.split_at(2 * period);
    let ((a, b), (c, d)) = (front.split_at(period), back.split_at(period));
    [a, b, c, &d[..period]]
}

#[inline(always)]
fn quarters_mut(group: &mut [f64], period: usize) -> [&mut [f64]; ABREAST] {
    let (front, back) = group.split_at_mut(2 * period);
    let ((a, b), (c, d)) = (front.split_at_mut(period), back.split_at_mut(period));
    [a, b, c, &mut d[..period]]
}

/// The means from the sums within blocks and what the blocks before add.
fn means(sums: &mut [f64], older: &[f64], period: usize) {
    #[cfg(target_arch = "x86_64")]
    if has_avx2() {
        // SAFETY: the processor has AVX2 and FMA, which is all that the function needs.
        #[allow(unsafe_code)]
        return unsafe { means_avx2(sums, older, period) };
    }
    means_either::<false>(sums, older, period);
}

/// The same code with wider instructions; measured on a million values: a third of the time.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn means_avx2(sums: &mut [f64], older: &[f64], period: usize) {
    means_either::<true>(sums, older, period);
}

#[inline(always)]
fn means_either<const FMA: bool>(sums: &mut [f64], older: &[f64], period: usize) {
    for (sum, older) in sums.iter_mut().zip(older) {
        *sum += older;
    }
    Quotient::new(period as f64).of_slice::<FMA>(sums);
    for mean in sums {
        *mean = finite(*mean);
    }
}

/// Gives windows of equal values that value.
///
/// Such a window is a block, or it holds the last value of one block and the first of the next: few blocks need a look.
fn correct_flat_windows(values: &[f64], period: usize, out: &mut [f64]) {
    for (start, block) in (0..).step_by(period).zip(values.chunks(period)) {
        let crosses = start > 0 && values[start - 1] == block[0];
        if !crosses && block[0] != block[block.len() - 1] {
            continue;
        }
        let before = values[..start].iter().rev().take(period).take_while(|x| **x == block[0]).count();
        let (mut last, mut run) = (block[0], before);
        for (&x, out) in block.iter().zip(&mut out[start..]) {
            (last, run) = (x, if x == last { run + 1 } else { 1 });
            if run >= period && x.is_finite() {
                *out = x;
            }
        }
    }
}

/// Calls `visit` with the last position of every window of a whole series, its aggregate and whether it is flat.
#[inline]
fn slide_flat<A: Aggregate>(values: &[f64], period: usize, mut visit: impl FnMut(usize, A, bool)) {
    let mut last = f64::NAN;
    let mut run = 0;
    let mut count = |x: f64| {
        let x = finite(x);
        run = if x == last { run + 1 } else { 1 };
        last = x;
        run >= period && !x.is_nan()
    };
    values.iter().take(period - 1).for_each(|&x| _ = count(x));
    slide(values, period, |i, aggregate| visit(i, aggregate, count(values[i])));
}

/// Calls `visit` with the last position of every window of a whole series and what [`Spread`] gives there.
#[inline]
pub fn moving_spread(values: &[f64], period: usize, mut visit: impl FnMut(usize, [f64; 2])) {
    let len = period as f64;
    slide_flat(values, period, |i, moments: Moments, flat| {
        visit(i, if flat { [values[i], 0.0] } else { [moments.sum / len, moments.squares] });
    });
}

/// Calls `visit` with the last position of every window of a whole series and what [`Fit`] gives there.
#[inline]
pub fn moving_fit(values: &[f64], period: usize, mut visit: impl FnMut(usize, [f64; 2])) {
    let len = period as f64;
    slide_flat(values, period, |i, trend: Trend, flat| {
        visit(i, if flat { [values[i], 0.0] } else { [trend.sum / len, trend.comoment] });
    });
}

/// The value itself, or `NaN` for an infinite one.
#[inline(always)]
#[expect(clippy::eq_op, reason = "zero for a finite number")]
fn finite(x: f64) -> f64 {
    // An infinite difference with itself is no number; a form that every vector unit has.
    if x - x == 0.0 { x } else { f64::NAN }
}

/// Moving mean and sum of squared deviations from it.
#[derive(Debug, Clone)]
pub struct Spread(Flat<Moments>);

impl Spread {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        Spread(Flat::new(period))
    }

    /// Takes the next value and gives the mean, which has the bits of [`Mean`], and the sum of squared deviations.
    #[inline]
    pub fn step(&mut self, value: f64) -> [f64; 2] {
        match self.0.push(value) {
            Some((_, true)) => [value, 0.0],
            Some((moments, false)) => [moments.sum / self.0.period as f64, moments.squares],
            None => [f64::NAN; 2],
        }
    }

    /// Takes the next value and gives mean and sum of squared deviations of the window, or of all values before there are
    /// `period`, and how many those are.
    #[inline]
    pub fn grow(&mut self, value: f64) -> ([f64; 2], f64) {
        match self.0.grow(value) {
            (_, count, true) => ([value, 0.0], count as f64),
            (moments, count, false) => ([moments.sum / count as f64, moments.squares], count as f64),
        }
    }
}

/// Moving least-squares line through the values at `1, 2, ..., period`.
#[derive(Debug, Clone)]
pub struct Fit(Flat<Trend>);

impl Fit {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        Fit(Flat::new(period))
    }

    /// Values in the window.
    pub fn period(&self) -> usize {
        self.0.period
    }

    /// Takes the next value and gives the mean of the window and its co-moment with the positions.
    #[inline]
    pub fn step(&mut self, value: f64) -> [f64; 2] {
        match self.0.push(value) {
            Some((_, true)) => [value, 0.0],
            Some((trend, false)) => [trend.sum / self.0.period as f64, trend.comoment],
            None => [f64::NAN; 2],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_values_are_their_own_mean() {
        let (mut mean, mut spread, mut fit) = (Mean::new(20), Spread::new(20), Fit::new(20));
        for i in 0..100 {
            let all = (mean.step(0.1), spread.step(0.1), fit.step(0.1));
            if i >= 19 {
                assert_eq!(all, (0.1, [0.1, 0.0], [0.1, 0.0]));
            }
        }
    }

    #[test]
    fn the_mean_of_a_series_has_the_bits_of_its_steps() {
        let odd = [f64::NAN, f64::INFINITY, 1e300, -0.0, 0.0];
        for len in [0, 1, 2, 19, 20, 21, 400] {
            for period in [1, 2, 3, 7, 20, 64, 500] {
                let values: Vec<f64> = (0..len)
                    .map(|i| match i % 97 {
                        k if k < 5 && len > 100 => odd[k],
                        k if k < 40 => 1.1,
                        k => 100.0 + (k as f64 * 0.37).sin(),
                    })
                    .collect();
                let mut batch = vec![];
                moving_mean(&values, period, &mut batch);
                let mut mean = Mean::new(period);
                for (i, (&x, batch)) in values.iter().zip(&batch).enumerate() {
                    let step = finite(mean.step(finite(x)));
                    let same = step.to_bits() == batch.to_bits() || step.is_nan() && batch.is_nan();
                    assert!(same, "{i} of {len}, period {period}: {batch} instead of {step}");
                }
            }
        }
    }

    #[test]
    fn windows_grow_to_their_period() {
        let (mut spread, mut full) = (Spread::new(3), Spread::new(3));
        let grown = [1.0, 3.0, 5.0, 7.0, 7.0, 7.0].map(|x| spread.grow(x));
        assert_eq!(grown[..3], [([1.0, 0.0], 1.0), ([2.0, 2.0], 2.0), ([3.0, 8.0], 3.0)]);
        let windows = [1.0, 3.0, 5.0, 7.0, 7.0, 7.0].map(|x| full.step(x));
        assert_eq!(grown[3..].iter().map(|g| g.0).collect::<Vec<_>>(), windows[3..]);
        assert_eq!(grown[5], ([7.0, 0.0], 3.0));
    }

    #[test]
    fn spread_and_fit_of_a_series_have_the_bits_of_their_steps() {
        let values: Vec<f64> = (0..300)
            .map(|i| match i % 97 {
                3 => f64::NAN,
                k if k < 40 => 1.1,
                k => 100.0 + (f64::from(k) * 0.37).sin(),
            })
            .collect();
        for period in [1, 2, 3, 7, 20, 64, 299, 300, 301] {
            let (mut spread, mut fit) = (Spread::new(period), Fit::new(period));
            let steps: Vec<[[f64; 2]; 2]> = values.iter().map(|&x| [spread.step(x), fit.step(x)]).collect();
            let mut batch = vec![[[f64::NAN; 2]; 2]; values.len()];
            moving_spread(&values, period, |i, values| batch[i][0] = values);
            moving_fit(&values, period, |i, values| batch[i][1] = values);
            for (step, batch) in steps.as_flattened().as_flattened().iter().zip(batch.as_flattened().as_flattened()) {
                assert!(step.to_bits() == batch.to_bits() || step.is_nan() && batch.is_nan(), "{period}");
            }
        }
    }

    #[test]
    fn a_single_nan_is_not_flat() {
        assert!(Mean::new(1).step(f64::NAN).is_nan());
        assert!(Spread::new(1).step(f64::NAN).iter().all(|x| x.is_nan()));
    }
}
