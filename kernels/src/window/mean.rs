//! Mean of the last `period` values.

use super::aggregate::Sum;
use super::sliding::Sliding;

/// Moving mean. Equal values have exactly that value as their mean, so a flat market lies exactly on its average.
#[derive(Debug, Clone)]
pub struct Mean {
    period: usize,
    sum: Sliding<Sum>,
    last: f64,
    run: usize,
}

impl Mean {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        Mean { period, sum: Sliding::new(period), last: f64::NAN, run: 0 }
    }

    /// Takes the next value; `NaN` before `period` values and while a `NaN` is in the window.
    #[inline]
    pub fn step(&mut self, value: f64) -> f64 {
        self.run = if value == self.last { self.run + 1 } else { 1 };
        self.last = value;
        match self.sum.push(value) {
            // The rounded sum of equal values need not divide back to the value.
            Some(_) if self.run >= self.period => value,
            Some(Sum(sum)) => sum / self.period as f64,
            None => f64::NAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_values_are_their_own_mean() {
        let mut mean = Mean::new(20);
        let last = (0..100).map(|_| mean.step(0.1)).last();
        assert_eq!(last, Some(0.1));
    }
}
