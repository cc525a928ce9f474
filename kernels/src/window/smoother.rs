//! Exponential smoothing that starts from a simple mean: the recurrence of `ema` and of Wilder's `rma`.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{__m256d, _mm256_mul_pd, _mm256_set1_pd, _mm256_sub_pd};

use super::bar::any_nan;
use super::fading::Fading;
#[cfg(target_arch = "x86_64")]
use super::fading::{Powers, STRIDE};
use super::room::PIECE;
#[cfg(target_arch = "x86_64")]
use super::strides::{self, Places};
#[cfg(target_arch = "x86_64")]
use crate::simd::has_avx2;

/// `value += weight * (x - value)`, seeded with the mean of the first `period` values.
///
/// What is kept is the distance of the newest value from the average, `distance = x - value`, which follows
/// `distance = q * distance + q * (x - last)` with `q = 1 - weight`: a shorter chain of operations from one value to the
/// next, and without moves the distance is exactly zero.
#[derive(Debug, Clone)]
pub struct Smoother {
    seed: Seed,
    last: f64,
    distance: Fading,
}

/// The mean of the first `period` values, with which an average begins.
#[derive(Debug, Clone)]
pub(super) struct Seed {
    period: usize,
    /// Values seen, up to `period`.
    seen: usize,
    mean: f64,
}

impl Seed {
    pub(super) fn new(period: usize) -> Self {
        Seed { period, seen: 0, mean: 0.0 }
    }

    /// Whether there is the mean.
    #[inline(always)]
    pub(super) fn is_done(&self) -> bool {
        self.seen == self.period
    }

    /// Takes one of the values; the mean with the last of them.
    #[inline(always)]
    pub(super) fn take(&mut self, x: f64) -> Option<f64> {
        self.seen += 1;
        self.mean += (x - self.mean) / self.seen as f64;
        self.is_done().then_some(self.mean)
    }
}

/// The weight of the newest value in an exponential average over `period` values.
pub fn ema_weight(period: usize) -> f64 {
    2.0 / (period as f64 + 1.0)
}

impl Smoother {
    /// Weight `2 / (period + 1)`.
    pub fn ema(period: usize) -> Self {
        Self::with_weight(ema_weight(period), period)
    }

    /// Weight `1 / period`, as Wilder (1978).
    pub fn rma(period: usize) -> Self {
        Self::with_weight(1.0 / period as f64, period)
    }

    /// A weight of its own, still seeded with the mean of `period` values.
    pub fn with_weight(weight: f64, period: usize) -> Self {
        Smoother { seed: Seed::new(period), last: f64::NAN, distance: Fading::new(1.0 - weight) }
    }

    /// Whether the next value has an average.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.seed.is_done()
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
        let Some(mean) = self.seed.take(x) else { return f64::NAN };
        self.last = x;
        self.distance.start_at(x - mean);
        mean
    }

    /// Replaces at most [`PIECE`] values by their averages, as [`Smoother::step`] gives them.
    #[inline(always)]
    pub fn take(&mut self, values: &mut [f64]) {
        let mut warm = 0;
        while warm < values.len() && !self.is_warm() {
            values[warm] = self.step(values[warm]);
            warm += 1;
        }
        self.fill(&mut values[warm..]);
    }

    /// Replaces at most [`PIECE`] values by their averages, as [`Smoother::step`] gives them. The average must be warm.
    #[inline(always)]
    pub fn fill(&mut self, values: &mut [f64]) {
        #[cfg(target_arch = "x86_64")]
        if has_avx2() {
            // SAFETY: the processor has AVX2, which is all that the function needs.
            #[allow(unsafe_code)]
            return unsafe { self.fill_avx2(values) };
        }
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

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn fill_avx2(&mut self, values: &mut [f64]) {
        let lanes = AverageLanes::new(self);
        let left = |average: &Smoother| average.distance.left_in_stride();
        strides::fill(self, values, left, |average, places| lanes.average(average, places), Smoother::step);
    }
}

/// What does not change in the lanes of an average.
#[cfg(target_arch = "x86_64")]
pub(super) struct AverageLanes {
    q: __m256d,
    powers: Powers,
}

#[cfg(target_arch = "x86_64")]
impl AverageLanes {
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn new(average: &Smoother) -> Self {
        let q = average.distance.factor();
        AverageLanes { q: _mm256_set1_pd(q), powers: Powers::new(q) }
    }

    /// The averages of a group of strides, of which the first begins now. `None` changes nothing: a value is missing, or
    /// the average lies on the values.
    #[inline]
    #[target_feature(enable = "avx2")]
    pub(super) fn average(&self, average: &mut Smoother, values: Places) -> Option<Places> {
        let mut distances = values;
        let mut before = strides::before_first(values[STRIDE - 1], average.last);
        for i in 0..STRIDE {
            distances[i] = _mm256_mul_pd(self.q, _mm256_sub_pd(values[i], before));
            before = values[i];
        }
        distances = average.distance.fade(&self.powers, distances)?;
        average.last = strides::last(&values);
        for i in 0..STRIDE {
            distances[i] = _mm256_sub_pd(values[i], distances[i]);
        }
        Some(distances)
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
