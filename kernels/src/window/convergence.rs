//! The difference of a fast and a slow exponential average, and its average: what `macd` is made of.
//!
//! How far a value is above each average is known better than the averages, and has the same difference.

use super::averages::Averages;
use super::fading::{Past, Recurrence};
use crate::eight::Number;

const FAST: usize = 0;
const SLOW: usize = 1;
const SIGNAL: usize = 2;

/// Appel's convergence and divergence: a fast less a slow average, and an average of that. All averages begin with the mean of
/// their first values, the fast one with those before the first value of the slow one.
#[derive(Debug, Clone)]
pub struct Convergence {
    /// Values that the fast average waits for the slow one.
    fast_waits: usize,
    averages: Averages<3, 3>,
}

impl Convergence {
    /// Averages over the periods `fast`, `slow` and `signal`, of which the first is shorter than the second, with their weights.
    pub fn new(periods: [usize; 3], weights: [f64; 3]) -> Self {
        let fast_waits = periods[SLOW] - periods[FAST];
        Convergence { fast_waits, averages: Averages::with_weights(periods, weights) }
    }

    /// Takes the next value and gives the difference, its average, and how far it is above that; `NaN` before there is that
    /// average. A `NaN` gives `NaN` and changes nothing.
    #[inline(always)]
    pub fn step(&mut self, x: f64) -> [f64; 3] {
        if x.is_nan() {
            return [f64::NAN; 3];
        }
        let fast_waits = self.fast_waits > 0;
        self.fast_waits = self.fast_waits.saturating_sub(1);
        let numbers = self.averages.step(&Converging { fast_waits }, [x]);
        // The difference comes before its average.
        if numbers[2].is_nan() { [f64::NAN; 3] } else { numbers }
    }

    /// Whether the next values can be handed to [`Convergence::run_finite`].
    #[inline(always)]
    pub fn begins_block(&self) -> bool {
        self.averages.begins_block()
    }

    /// What values give, as by [`Fadings::run_finite`](super::Fadings::run_finite).
    #[inline(always)]
    pub fn run_finite(&mut self, values: &[f64], outputs: [&mut [f64]; 3]) -> usize {
        self.averages.run_finite(&Converging { fast_waits: false }, [values], outputs)
    }
}

struct Converging {
    /// Whether the fast average does not take the value.
    fast_waits: bool,
}

impl Recurrence<1, 3> for Converging {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [x]: [P::T; 1]) -> [P::T; 3] {
        let below_fast = if self.fast_waits { x.all(f64::NAN) } else { past.distance(FAST, x) };
        let difference = past.distance(SLOW, x) - below_fast;
        let above_signal = past.distance(SIGNAL, difference);
        [difference, difference - above_signal, above_signal]
    }
}
