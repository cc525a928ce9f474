//! Mean, spread and straight-line fit of the last `period` values.
//!
//! Equal values are recognised by counting them: their rounded sum need not divide back to the value, and a flat market
//! has to lie exactly on its average, with no deviation and no slope.

use super::aggregate::{Moments, Sum, Trend};
use super::sliding::{Aggregate, Sliding, slide};

/// A [`Sliding`] window that also knows whether all of its values are equal.
#[derive(Debug, Clone)]
struct Flat<A> {
    period: usize,
    window: Sliding<A>,
    last: f64,
    run: usize,
}

impl<A: Aggregate> Flat<A> {
    fn new(period: usize) -> Self {
        Flat { period, window: Sliding::new(period), last: f64::NAN, run: 0 }
    }

    /// The aggregate of the window and whether it is flat, or `None` before `period` values.
    #[inline]
    fn push(&mut self, value: f64) -> Option<(A, bool)> {
        self.run = if value == self.last { self.run + 1 } else { 1 };
        self.last = value;
        // One value is flat too, but a `NaN` is not.
        let flat = self.run >= self.period && !value.is_nan();
        self.window.push(value).map(|aggregate| (aggregate, flat))
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
/// The same blocks in loops over slices: the sums of the older block from its end and of the newer one from its start do not
/// wait for each other, and the quotients are taken several at a time.
pub fn moving_mean(values: &[f64], period: usize, out: &mut Vec<f64>) {
    out.clear();
    out.resize(values.len(), f64::NAN);
    let mut older = vec![];
    let mut suffix = vec![0.0; period.min(values.len())];
    let mut flat = (f64::NAN, 0);
    for (block, out) in values.chunks(period).zip(out.chunks_mut(period)) {
        let before = flat;
        let mut sum = 0.0;
        let mut has_flat = false;
        for (i, (&x, out)) in block.iter().zip(out.iter_mut()).enumerate() {
            let x = finite(x);
            sum = if i == 0 { x } else { sum + x };
            *out = sum;
            flat = (x, if x == flat.0 { flat.1 + 1 } else { 1 });
            has_flat |= flat.1 >= period;
        }
        let is_full = block.len() == period;
        // The last place of a full block has its own sum; the others join the rest of the older block.
        let (joined, own) = out.split_at_mut(block.len() - usize::from(is_full));
        match older.get(1..) {
            Some(rest) => {
                for (out, rest) in joined.iter_mut().zip(rest) {
                    *out = finite((rest + *out) / period as f64);
                }
            }
            None => joined.fill(f64::NAN),
        }
        own.iter_mut().for_each(|out| *out = finite(*out / period as f64));
        if has_flat {
            let mut flat = before;
            for (&x, out) in block.iter().zip(out.iter_mut()) {
                let x = finite(x);
                flat = (x, if x == flat.0 { flat.1 + 1 } else { 1 });
                *out = if flat.1 >= period { x } else { *out };
            }
        }
        if is_full {
            let mut sum = 0.0;
            for (i, (&x, suffix)) in block.iter().zip(&mut suffix).enumerate().rev() {
                sum = if i + 1 == period { finite(x) } else { finite(x) + sum };
                *suffix = sum;
            }
            older.resize(period, 0.0);
            std::mem::swap(&mut older, &mut suffix);
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
fn finite(x: f64) -> f64 {
    if x.is_finite() { x } else { f64::NAN }
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
