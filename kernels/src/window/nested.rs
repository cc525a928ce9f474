//! Exponential averages side by side, some of them averages of others.

use super::fading::Fadings;
use super::smoother::{Seed, ema_weight};

/// Exponential averages that are made of each other, each of which begins with the mean of its first values.
#[derive(Debug, Clone)]
pub struct Averages<const N: usize> {
    seeds: [Seed; N],
    /// Of the newest values from their averages.
    pub(super) distances: Fadings<N>,
}

impl<const N: usize> Averages<N> {
    /// Averages over the periods.
    pub fn new(periods: [usize; N]) -> Self {
        Self::with_weights(periods, periods.map(ema_weight))
    }

    /// Averages with weights of their own, still seeded with the means of `periods` values.
    pub fn with_weights(periods: [usize; N], weights: [f64; N]) -> Self {
        Averages { seeds: periods.map(Seed::new), distances: Fadings::new(weights.map(|weight| 1.0 - weight)) }
    }

    /// Takes the next value of an average and gives the average, `NaN` before it has begun. A `NaN` gives `NaN` and changes
    /// nothing.
    #[inline(always)]
    pub fn step(&mut self, k: usize, x: f64) -> f64 {
        if self.seeds[k].is_done() {
            return average(&mut self.distances, k, x);
        }
        if x.is_nan() {
            return x;
        }
        let Some(mean) = self.seeds[k].take(x) else { return f64::NAN };
        self.distances.start_average(k, x, mean);
        mean
    }

    /// Ends a bar; every one has to be ended.
    #[inline(always)]
    pub fn end_bar(&mut self) {
        self.distances.end_bar();
    }

    /// Whether the next value has every average.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.seeds.iter().all(Seed::is_done)
    }

    /// What `bar` makes of values; it takes averages by [`average`]. They must be warm.
    #[inline(always)]
    pub fn run(&mut self, values: &[f64], out: &mut [f64], mut bar: impl FnMut(&mut Fadings<N>, f64) -> f64) {
        self.distances.run(values, [out], |distances, x| [bar(distances, x)]);
    }
}

/// The average after its next value; a `NaN` gives `NaN` and changes nothing.
#[inline(always)]
pub fn average<const N: usize>(distances: &mut Fadings<N>, k: usize, x: f64) -> f64 {
    if x.is_nan() {
        return missing();
    }
    x - distances.distance(k, x)
}

/// No number. A branch that is never expected, not a choice, which every bar would have to wait for.
#[cold]
#[inline(never)]
fn missing() -> f64 {
    f64::NAN
}
