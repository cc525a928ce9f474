//! Kaufman's adaptive average.

use super::aggregate::Sum;
use super::delay::Delay;
use super::sliding::Sliding;

/// Exponential average that is fast in a trend and slow in noise: its weight is the square of a number between those of
/// averages over 2 and 30 values, by the ratio of the net move of `period` bars to the sum of their moves.
#[derive(Debug, Clone)]
pub struct Kaufman {
    period: usize,
    delay: Delay,
    moves: Sliding<Sum>,
    fastest: f64,
    slowest: f64,
    last: f64,
    value: f64,
}

impl Kaufman {
    /// A ratio over `period` bars; a period of one averages nothing.
    pub fn new(period: usize, fast: usize, slow: usize) -> Self {
        Kaufman {
            period,
            delay: Delay::new(period),
            moves: Sliding::new(period),
            fastest: 2.0 / (fast as f64 + 1.0),
            slowest: 2.0 / (slow as f64 + 1.0),
            last: f64::NAN,
            value: f64::NAN,
        }
    }

    /// Values before the first average.
    pub fn lookback(period: usize) -> usize {
        if period == 1 { 0 } else { period }
    }

    /// Takes the next value; `NaN` before the first average, which starts from the value before it. A `NaN` gives `NaN`
    /// and changes nothing.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        if x.is_nan() || self.period == 1 {
            return x;
        }
        let net = (x - self.delay.step(x)).abs();
        let last = std::mem::replace(&mut self.last, x);
        if last.is_nan() {
            return f64::NAN;
        }
        let Some(Sum(path)) = self.moves.push((x - last).abs()) else { return f64::NAN };
        if self.value.is_nan() {
            self.value = last;
        }
        // Without any move the ratio is one; rounding must not lift it above that.
        let ratio = if path <= net { 1.0 } else { net / path };
        let weight = ratio * (self.fastest - self.slowest) + self.slowest;
        self.value += weight * weight * (x - self.value);
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_has_the_fast_weight() {
        let mut kaufman = Kaufman::new(2, 2, 30);
        assert!(kaufman.step(1.0).is_nan() && kaufman.step(2.0).is_nan());
        assert!((kaufman.step(3.0) - (2.0 + 4.0 / 9.0)).abs() < 1e-15);
        assert!(kaufman.step(f64::NAN).is_nan());
    }
}
