//! Exponential smoothing that starts from a simple mean: the recurrence of `ema` and of Wilder's `rma`.

use super::averages::Averages;
use super::bar::any_nan;
use super::fading::{Past, Recurrence};
use super::room::PIECE;
use crate::simd::fused;

/// `value += weight * (x - value)`, seeded with the mean of the first `period` values.
///
/// What is kept is the distance of the newest value from the average: without moves it is exactly zero.
#[derive(Debug, Clone)]
pub struct Smoother {
    average: Averages<1, 1>,
}

/// The average of a value.
pub(super) struct Smoothing;

impl Recurrence<1, 1> for Smoothing {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [x]: [P::T; 1]) -> [P::T; 1] {
        [past.average(0, x)]
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
        Smoother { average: Averages::with_weights([period], [weight]) }
    }

    /// Lets a bar pass before the first one, so that blocks begin where those of other averages do.
    #[inline(always)]
    pub fn wait(&mut self) {
        self.average.wait();
    }

    /// Whether the next value has an average.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.average.is_warm()
    }

    /// Whether a block of values begins, which are averaged faster together.
    #[inline(always)]
    pub fn begins_block(&self) -> bool {
        self.average.begins_block()
    }

    /// Takes the next value; `NaN` before `period` values. A `NaN` gives `NaN` and changes nothing; before the first value it lets
    /// a bar pass.
    #[inline(always)]
    pub fn step(&mut self, x: f64) -> f64 {
        if x.is_nan() {
            self.average.wait();
            return f64::NAN;
        }
        let [average] = self.average.step(&Smoothing, [x]);
        average
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
        let mut buffer = [0.0; PIECE];
        let given = &mut buffer[..values.len()];
        given.copy_from_slice(values);
        fused(|| self.run(given, values));
    }

    /// Writes the averages of values, as [`Smoother::step`] gives them. The average must be warm.
    #[inline(always)]
    pub fn run(&mut self, values: &[f64], averages: &mut [f64]) {
        if any_nan(values) {
            averages.iter_mut().zip(values).for_each(|(average, &x)| *average = self.step(x));
        } else {
            self.average.run(&Smoothing, [values], [averages]);
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
