//! Mean, spread and straight-line fit of the last `period` values.
//!
//! Equal values are recognised by counting them: their rounded sum need not divide back to the value, and a flat market
//! has to lie exactly on its average, with no deviation and no slope.

use super::aggregate::{Moments, Sum, Trend};
use super::sliding::{Aggregate, Sliding};

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
    fn a_single_nan_is_not_flat() {
        assert!(Mean::new(1).step(f64::NAN).is_nan());
        assert!(Spread::new(1).step(f64::NAN).iter().all(|x| x.is_nan()));
    }
}
