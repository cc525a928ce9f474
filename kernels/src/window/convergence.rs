//! The difference of a fast and a slow exponential average: what `macd` and `adosc` are made of.
//!
//! How far a value is above each average is known better than the averages, and has the same difference.

use super::fading::Fadings;
use super::nested::Averages;
use super::smoother::ema_weight;

const FAST: usize = 0;
const SLOW: usize = 1;
const SIGNAL: usize = 2;

/// Appel's convergence and divergence: a fast less a slow average, and an average of that. All averages begin with the mean of
/// their first values, the fast one with those before the first value of the slow one.
#[derive(Debug, Clone)]
pub struct Convergence {
    /// Values that the fast average waits for the slow one.
    fast_waits: usize,
    averages: Averages<3>,
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
        let numbers = if self.is_warm() { converge(&mut self.averages.distances, x) } else { self.begin(x) };
        self.averages.end_bar();
        numbers
    }

    /// Takes a value before the signal has begun, or its first one.
    #[inline(never)]
    fn begin(&mut self, x: f64) -> [f64; 3] {
        let is_early = self.averages.step(SLOW, x).is_nan();
        if self.fast_waits > 0 {
            self.fast_waits -= 1;
        } else {
            self.averages.step(FAST, x);
        }
        if is_early {
            return [f64::NAN; 3];
        }
        let [fast, slow, _] = self.averages.distances.sums();
        let difference = slow - fast;
        let signal = self.averages.step(SIGNAL, difference);
        if signal.is_nan() { [f64::NAN; 3] } else { [difference, signal, difference - signal] }
    }

    /// Whether the next value has an average of the difference.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.averages.is_warm()
    }

    /// What finite values give, as [`Convergence::step`] does. It must be warm.
    #[inline(always)]
    pub fn run(&mut self, values: &[f64], outputs: [&mut [f64]; 3]) {
        self.averages.distances.run(values, outputs, converge);
    }
}

#[inline(always)]
fn converge(distances: &mut Fadings<3>, x: f64) -> [f64; 3] {
    let below_fast = distances.distance(FAST, x);
    let difference = distances.distance(SLOW, x) - below_fast;
    let signal = difference - distances.distance(SIGNAL, difference);
    [difference, signal, difference - signal]
}

/// A fast less a slow exponential average of a running sum, both of which begin with its first value. It is made of the
/// changes of the sum, which itself is not needed.
#[derive(Debug, Clone)]
pub struct Apart {
    has_begun: bool,
    distances: Fadings<2>,
}

impl Apart {
    /// Averages with the weights `2 / (period + 1)`.
    pub fn new(fast: usize, slow: usize) -> Self {
        let factors = [fast, slow].map(|period| 1.0 - ema_weight(period));
        Apart { has_begun: false, distances: Fadings::new(factors) }
    }

    /// Takes the next change, a number, and gives the difference.
    #[inline(always)]
    pub fn step(&mut self, change: f64) -> f64 {
        let has_begun = std::mem::replace(&mut self.has_begun, true);
        let difference = if has_begun { apart(&mut self.distances, change) } else { 0.0 };
        self.distances.end_bar();
        difference
    }

    /// What changes give, as [`Apart::step`] does. The first one must have been stepped.
    #[inline(always)]
    pub fn run(&mut self, changes: &[f64], out: &mut [f64]) {
        self.distances.run(changes, [out], |distances, change| [apart(distances, change)]);
    }
}

#[inline(always)]
fn apart(distances: &mut Fadings<2>, change: f64) -> f64 {
    let below_fast = distances.distance_after(FAST, change);
    distances.distance_after(SLOW, change) - below_fast
}
