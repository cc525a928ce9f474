//! How straight the way of a price was, and Kaufman's adaptive average that follows it.

use super::aggregate::Sum;
use super::bar::is_negligible;
use super::delay::Delay;
use super::sliding::Sliding;
use super::smoother::flushed;

/// Net move of `period` bars and the sum of their moves.
#[derive(Debug, Clone)]
pub struct Moves {
    delay: Delay,
    moves: Sliding<Sum>,
    last: f64,
}

/// One step of a [`Moves`].
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// Size of the net move.
    pub net: f64,
    /// Sum of the sizes of the moves, at least `net`, or zero if all of them are nothing but rounding.
    pub length: f64,
    /// The value before the newest one.
    pub last: f64,
}

impl Moves {
    /// The moves of `period` bars.
    pub fn new(period: usize) -> Self {
        Moves { delay: Delay::new(period), moves: Sliding::new(period), last: f64::NAN }
    }

    /// Takes the next value, not `NaN`; `None` before `period + 1` values.
    #[inline]
    pub fn step(&mut self, x: f64) -> Option<Way> {
        let net = (x - self.delay.step(x)).abs();
        let last = std::mem::replace(&mut self.last, x);
        if last.is_nan() {
            return None;
        }
        let Sum(length) = self.moves.push((x - last).abs())?;
        // Moves that are nothing but rounding have no direction; and a rounded sum may fall below the one difference.
        let length = if is_negligible(length, x.abs()) { 0.0 } else { length.max(net) };
        Some(Way { net, length, last })
    }
}

/// Exponential average that is fast in a trend and slow in noise: its weight is the square of a number between those of
/// a fast and a slow average, by the ratio of the net move of `period` bars to the sum of their moves.
#[derive(Debug, Clone)]
pub struct Kaufman {
    period: usize,
    path: Moves,
    fastest: f64,
    slowest: f64,
    value: f64,
}

impl Kaufman {
    /// A ratio over `period` bars; a period of one averages nothing.
    pub fn new(period: usize, fast: usize, slow: usize) -> Self {
        let weight = |period: usize| 2.0 / (period as f64 + 1.0);
        Kaufman { period, path: Moves::new(period), fastest: weight(fast), slowest: weight(slow), value: f64::NAN }
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
        let Some(Way { net, length, last }) = self.path.step(x) else { return f64::NAN };
        if self.value.is_nan() {
            self.value = last;
        }
        // Without any move the way counts as straight.
        let ratio = if length == 0.0 { 1.0 } else { net / length };
        let weight = ratio * (self.fastest - self.slowest) + self.slowest;
        self.value = flushed(self.value + weight * weight * (x - self.value));
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
