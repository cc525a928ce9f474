//! Mean, spread and straight-line fit of the last `period` values.
//!
//! Equal values are recognised by counting them: their rounded sum need not divide back to the value, and a flat market
//! has to lie exactly on its average, with no deviation and no slope.

use super::ladder::{Ladder, Lens, Summary};
use super::room::{PIECE, make_room, next_places};
use super::series::{Means, in_pieces};
use super::summary::{Moments, Sums, Trend};

/// A window that also knows whether all of its values are equal.
#[derive(Debug, Clone)]
pub(super) struct Flat<S, const N: usize> {
    window: Ladder<S, 1, N>,
    last: f64,
    run: usize,
}

impl<S: Summary<1, N>, const N: usize> Flat<S, N> {
    pub(super) fn new(period: usize) -> Self {
        Flat { window: Ladder::new(period), last: f64::NAN, run: 0 }
    }

    pub(super) fn period(&self) -> usize {
        self.window.period()
    }

    /// The summary of the window, `NaN` before `period` values, and whether it is flat.
    #[inline]
    pub(super) fn push(&mut self, value: f64) -> ([f64; N], bool) {
        self.run = if value == self.last { self.run + 1 } else { 1 };
        self.last = value;
        // One value is flat too, but a `NaN` is not.
        let flat = self.run >= self.period() && !value.is_nan();
        (self.window.push([value]), flat)
    }
}

/// Moving mean.
#[derive(Debug, Clone)]
pub struct Mean(Flat<Sums, 1>);

impl Mean {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        Mean(Flat::new(period))
    }

    /// Values in the window.
    pub fn period(&self) -> usize {
        self.0.period()
    }

    /// Takes the next value; `NaN` before `period` values and while a `NaN` is in the window.
    #[inline]
    pub fn step(&mut self, value: f64) -> f64 {
        match self.0.push(value) {
            (_, true) => value,
            ([sum], false) => sum / self.period() as f64,
        }
    }
}

/// The moving mean of a whole series, with the bits of [`Mean`]; `NaN` while a value in the window is not finite.
pub fn moving_mean(values: &[f64], period: usize, out: &mut Vec<f64>) {
    make_room(out, values.len());
    let mut means = Means::new(period, values.len());
    for values in values.chunks(PIECE) {
        means.extend(values, next_places(out, values.len()));
    }
}

/// The same of a series of `len` values that `fill` writes from a place on, `NaN` for what is not finite.
#[inline(always)]
pub fn moving_mean_of(len: usize, period: usize, out: &mut Vec<f64>, mut fill: impl FnMut(usize, &mut [f64])) {
    make_room(out, len);
    let mut means = Means::new(period, len);
    let take = |_: usize, [values]: [&[f64]; 1]| means.extend(values, next_places(out, values.len()));
    in_pieces(len, |start, [values]: [&mut [f64]; 1]| fill(start, values), take);
}

/// Moving mean and sum of squared deviations from it.
#[derive(Debug, Clone)]
pub struct Spread(Flat<Moments, 2>);

impl Spread {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        Spread(Flat::new(period))
    }

    /// Values in the window.
    pub fn period(&self) -> usize {
        self.0.period()
    }

    /// Takes the next value and gives the mean, which has the bits of [`Mean`], and the sum of squared deviations.
    #[inline]
    pub fn step(&mut self, value: f64) -> [f64; 2] {
        match self.0.push(value) {
            (_, true) => [value, 0.0],
            ([sum, squares], false) => [sum / self.period() as f64, squares],
        }
    }
}

/// A [`Spread`] that begins with the first value.
#[derive(Debug, Clone)]
pub struct GrowingSpread {
    spread: Spread,
    /// Of all values before there are `period`, and how many those are.
    so_far: [f64; 2],
    count: usize,
}

impl GrowingSpread {
    /// A window of at most `period` values.
    pub fn new(period: usize) -> Self {
        GrowingSpread { spread: Spread::new(period), so_far: [f64::NAN; 2], count: 0 }
    }

    /// Takes the next value and gives mean and sum of squared deviations of the window, or of all values before there are
    /// `period`, and how many those are.
    #[inline]
    pub fn step(&mut self, value: f64) -> ([f64; 2], f64) {
        let window = self.spread.step(value);
        if self.count + 1 >= self.spread.period() {
            return (window, self.spread.period() as f64);
        }
        let one = Moments::of([value]);
        self.so_far = match self.count {
            0 => one,
            count => Moments::join(self.so_far, one, &Lens::new(count, 1)),
        };
        self.count += 1;
        let [sum, squares] = self.so_far;
        let is_flat = self.spread.0.run >= self.count && !value.is_nan();
        (if is_flat { [value, 0.0] } else { [sum / self.count as f64, squares] }, self.count as f64)
    }
}

/// Moving least-squares line through the values at `1, 2, ..., period`.
#[derive(Debug, Clone)]
pub struct Fit(Flat<Trend, 2>);

impl Fit {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        Fit(Flat::new(period))
    }

    /// Values in the window.
    pub fn period(&self) -> usize {
        self.0.period()
    }

    /// Takes the next value and gives the mean of the window and its co-moment with the positions.
    #[inline]
    pub fn step(&mut self, value: f64) -> [f64; 2] {
        match self.0.push(value) {
            (_, true) => [value, 0.0],
            ([sum, comoment], false) => [sum / self.period() as f64, comoment],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::finite;
    use crate::window::moving_column;

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
        let (mut spread, mut full) = (GrowingSpread::new(3), Spread::new(3));
        let grown = [1.0, 3.0, 5.0, 7.0, 7.0, 7.0].map(|x| spread.step(x));
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
            let steps: Vec<[f64; 2]> = values.iter().map(|&x| [spread.step(x)[1], fit.step(x)[1]]).collect();
            let mut batch = [vec![], vec![]];
            let copy = |_: &[f64], [_, second]: [&mut [f64]; 2], out: &mut [f64]| out.copy_from_slice(second);
            moving_column::<Moments, 2>(&values, period, &mut batch[0], |_| 0.0, copy);
            moving_column::<Trend, 2>(&values, period, &mut batch[1], |_| 0.0, copy);
            for (i, step) in steps.iter().enumerate() {
                for (step, batch) in step.iter().zip(&batch) {
                    assert!(step.to_bits() == batch[i].to_bits() || step.is_nan() && batch[i].is_nan(), "{period}");
                }
            }
        }
    }

    #[test]
    fn a_single_nan_is_not_flat() {
        assert!(Mean::new(1).step(f64::NAN).is_nan());
        assert!(Spread::new(1).step(f64::NAN).iter().all(|x| x.is_nan()));
    }
}
