//! Exponential smoothing that starts from a simple mean: the recurrence of `ema` and of Wilder's `rma`.

use super::bar::any_nan;
use super::blocks::PIECE;
use super::fading::Fading;

/// `value += weight * (x - value)`, seeded with the mean of the first `period` values.
///
/// What is kept is the distance of the newest value from the average, `distance = x - value`, which follows
/// `distance = q * distance + q * (x - last)` with `q = 1 - weight`: a shorter chain of operations from one value to the
/// next, and without moves the distance is exactly zero.
#[derive(Debug, Clone)]
pub struct Smoother {
    period: usize,
    /// Values seen, up to `period`.
    seen: usize,
    last: f64,
    /// While there are fewer than `period` values: their mean.
    mean: f64,
    distance: Fading,
}

impl Smoother {
    /// Weight `2 / (period + 1)`.
    pub fn ema(period: usize) -> Self {
        Self::with_weight(2.0 / (period as f64 + 1.0), period)
    }

    /// Weight `1 / period`, as Wilder (1978).
    pub fn rma(period: usize) -> Self {
        Self::with_weight(1.0 / period as f64, period)
    }

    /// A weight of its own, still seeded with the mean of `period` values.
    pub fn with_weight(weight: f64, period: usize) -> Self {
        Smoother { period, seen: 0, last: f64::NAN, mean: 0.0, distance: Fading::new(1.0 - weight) }
    }

    /// Whether the next value has an average.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.seen == self.period
    }

    /// Takes the next value; `NaN` before `period` values. A `NaN` gives `NaN` and changes nothing.
    #[inline(always)]
    pub fn step(&mut self, x: f64) -> f64 {
        if x.is_nan() {
            return f64::NAN;
        }
        if !self.is_warm() {
            return self.begin(x);
        }
        let change = x - std::mem::replace(&mut self.last, x);
        x - self.distance.step(self.distance.factor() * change)
    }

    /// One of the values that the first average is the mean of. Inlined, because a call would keep the state in memory.
    #[inline(always)]
    fn begin(&mut self, x: f64) -> f64 {
        self.seen += 1;
        self.mean += (x - self.mean) / self.seen as f64;
        if self.seen < self.period {
            return f64::NAN;
        }
        self.last = x;
        self.distance.start_at(x - self.mean);
        self.mean
    }

    /// Replaces at most [`PIECE`] values by their averages, as [`Smoother::step`] gives them. The average must be warm.
    #[inline(always)]
    pub fn fill(&mut self, values: &mut [f64]) {
        if any_nan(values) {
            return values.iter_mut().for_each(|value| *value = self.step(*value));
        }
        let mut buffer = [0.0; PIECE];
        let distances = &mut buffer[..values.len()];
        let (Some(&first), Some(&last)) = (values.first(), values.last()) else { return };
        let q = self.distance.factor();
        distances[0] = q * (first - self.last);
        for (change, pair) in distances[1..].iter_mut().zip(values.windows(2)) {
            *change = q * (pair[1] - pair[0]);
        }
        self.last = last;
        self.distance.fill(distances);
        for (value, distance) in values.iter_mut().zip(distances) {
            *value -= *distance;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_from_the_mean_and_skips_missing_values() {
        let mut ema = Smoother::ema(3);
        let out: Vec<f64> = [1.0, f64::NAN, 2.0, 3.0, f64::NAN, 6.0].iter().map(|&x| ema.step(x)).collect();
        assert!(out[0].is_nan() && out[1].is_nan() && out[2].is_nan() && out[4].is_nan());
        assert_eq!((out[3], out[5]), (2.0, 4.0));
    }

    #[test]
    fn decays_to_zero() {
        let mut rma = Smoother::rma(2);
        rma.step(1.0);
        let last = (0..3000).map(|_| rma.step(0.0)).last();
        assert_eq!(last, Some(0.0));
    }
}
