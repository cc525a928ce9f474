//! Averages made of exponential averages of exponential averages, each of which begins with the mean of its first
//! `period` values.

use super::averages::Seed;
use super::delay::Behind;
use super::fading::{Fadings, Past, Recurrence};
use super::room::{PIECE, make_room, next_places};
use super::series::step_series;
use super::smoother::{Smoother, ema_weight};
use crate::eight::Number;
use crate::simd::{all_finite, finite, widest};

/// A combination of `N` exponential averages in a row.
///
/// What is kept is the distance of each average from the one before it, of the first from the value. With `q = 1 - weight`, a
/// value that changes is at the distance `q * (distance + change)`, and its average moves by `weight / q` of that. So the next
/// distance follows `q * distance + weight * (distance of the one before)`: none of the averages is needed to find it, and over
/// the power of `weight` that belongs to its place it takes one fused multiply-add.
#[derive(Debug, Clone)]
pub struct Cascade<const N: usize> {
    period: usize,
    weight: f64,
    /// The averages that have begun, and the seed of the next one.
    begun: usize,
    seed: Seed,
    /// Distances over powers of the weight.
    distances: Fadings<N, 1>,
    combining: Combining<N>,
}

/// The combination from the distances.
#[derive(Debug, Clone)]
struct Combining<const N: usize> {
    /// How much of each is taken from the value.
    shares: [f64; N],
}

impl<const N: usize> Recurrence<1, 1> for Combining<N> {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [x]: [P::T; 1]) -> [P::T; 1] {
        let mut distance = past.distance(0, x);
        let mut below = distance * self.shares[0];
        for k in 1..N {
            distance = past.fade(k, distance);
            below = distance.mul_add(x.all(self.shares[k]), below);
        }
        [x - below]
    }
}

impl<const N: usize> Cascade<N> {
    /// Averages over `period` values each, of which the combination has `parts`; these add up to one.
    pub fn new(period: usize, parts: [f64; N]) -> Self {
        let weight = ema_weight(period);
        // Every average is below the value by its distance and those before it.
        let share = |k: usize| parts[k..].iter().sum::<f64>() * weight.powi(k as i32);
        let combining = Combining { shares: std::array::from_fn(share) };
        let distances = Fadings::new([1.0 - weight; N]);
        Cascade { period, weight, begun: 0, seed: Seed::new(period), distances, combining }
    }

    /// Takes the next value; `NaN` before `N * (period - 1) + 1` values. A `NaN` gives `NaN` and changes nothing.
    #[inline(always)]
    pub fn step(&mut self, x: f64) -> f64 {
        if x.is_nan() {
            return x;
        }
        if !self.is_warm() {
            return self.begin(x);
        }
        let [combined] = self.distances.step(&self.combining, [x]);
        combined
    }

    /// Takes a value before the last average has begun, or its first one.
    #[inline(never)]
    fn begin(&mut self, x: f64) -> f64 {
        let (mut value, mut power) = (x, 1.0);
        let mut distance = 0.0;
        for k in 0..self.begun {
            distance = if k == 0 { self.distances.distance(k, x) } else { self.distances.fade(k, distance) };
            value -= power * distance;
            power *= self.weight;
        }
        // The first average of a seed is the first value of the next one.
        while self.begun < N
            && let Some(mean) = self.seed.take(value)
        {
            match self.begun {
                0 => self.distances.start_average(0, x, mean),
                later => self.distances.start_at(later, (value - mean) / power),
            }
            value = mean;
            power *= self.weight;
            self.begun += 1;
            self.seed = Seed::new(self.period);
        }
        self.distances.settle();
        if !self.is_warm() {
            return f64::NAN;
        }
        let below = (0..N).map(|k| self.combining.shares[k] * self.distances.sum(k));
        x - below.sum::<f64>()
    }

    /// Whether the next value has every average.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.begun == N
    }

    /// Whether the next values can be handed to [`Cascade::run_finite`].
    #[inline(always)]
    pub fn begins_block(&self) -> bool {
        self.is_warm() && self.distances.begins_block()
    }

    /// The combinations at values, as by [`Fadings::run_finite`].
    #[inline(always)]
    pub fn run_finite(&mut self, values: &[f64], out: &mut [f64]) -> usize {
        self.distances.run_finite(&self.combining, [values], [out])
    }

    /// The combinations at finite values, as [`Cascade::step`] gives them. It must be warm.
    #[inline(always)]
    pub fn fill(&mut self, values: &[f64], out: &mut [f64]) {
        self.distances.run(&self.combining, [values], [out]);
    }
}

/// Mulloy's double exponential average over `period` values: twice the first average less the second.
pub fn double(period: usize) -> Cascade<2> {
    Cascade::new(period, [2.0, -1.0])
}

/// Mulloy's triple exponential average over `period` values: three times the first average less the second, and the third.
pub fn triple(period: usize) -> Cascade<3> {
    Cascade::new(period, [3.0, -3.0, 1.0])
}

/// The exponential average of an exponential average of an exponential average, over `period` values each.
pub fn thrice(period: usize) -> Cascade<3> {
    Cascade::new(period, [0.0, 0.0, 1.0])
}

/// Tillson's T3 over `period` values: his generalised double average, three times. `volume_factor` is 0 for a plain cascade and
/// 1 for double averages.
pub fn tillson(period: usize, volume_factor: f64) -> Cascade<6> {
    let v = volume_factor;
    let (square, cube) = (v * v, v * v * v);
    let third = 1.0 + 3.0 * v + cube + 3.0 * square;
    let (fourth, fifth) = (-6.0 * square - 3.0 * v - 3.0 * cube, 3.0 * square + 3.0 * cube);
    Cascade::new(period, [0.0, 0.0, third, fourth, fifth, -cube])
}

/// Ehlers' and Way's zero-lag average: an exponential average of the values moved on by what they gained in half a
/// period.
#[derive(Debug, Clone)]
pub struct ZeroLag {
    lag: usize,
    delay: Behind,
    average: Smoother,
}

impl ZeroLag {
    /// An average over `period` values that gain what they gained in `(period - 1) / 2` bars.
    pub fn new(period: usize) -> Self {
        let lag = Self::lag(period);
        ZeroLag { lag, delay: Behind::new(lag), average: Smoother::ema(period) }
    }

    fn lag(period: usize) -> usize {
        (period - 1) / 2
    }

    /// Values before the first average.
    pub fn lookback(period: usize) -> usize {
        Self::lag(period) + period - 1
    }

    /// Takes the next value; `NaN` before the first average. A `NaN` gives `NaN` and changes nothing.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        if x.is_nan() {
            return f64::NAN;
        }
        let before = self.delay.step(x);
        if before.is_nan() { before } else { self.average.step(x + (x - before)) }
    }

    /// The averages of a whole series, with the bits of [`ZeroLag::step`], and `NaN` for what is not finite.
    pub fn fill(mut self, values: &[f64], out: &mut Vec<f64>) {
        if !widest(|| all_finite([values])) {
            return step_series(values, out, |x| self.step(x));
        }
        make_room(out, values.len());
        let lag = self.lag.min(values.len());
        next_places(out, lag).fill(f64::NAN);
        for (now, before) in values[lag..].chunks(PIECE).zip(values.chunks(PIECE)) {
            let places = next_places(out, now.len());
            widest(|| {
                for ((place, x), before) in places.iter_mut().zip(now).zip(before) {
                    *place = x + (x - before);
                }
            });
            self.average.take(places);
            widest(|| places.iter_mut().for_each(|average| *average = finite(*average)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_values_are_their_own_average() {
        let (mut double, mut triple) = (double(3), triple(3));
        let (mut tillson, mut zero_lag) = (tillson(3, 0.7), ZeroLag::new(3));
        for i in 0..40 {
            let all = [double.step(0.1), triple.step(0.1), tillson.step(0.1), zero_lag.step(0.1)];
            let begin = [4, 6, 12, 3];
            for (value, begin) in all.into_iter().zip(begin) {
                assert!(if i < begin { value.is_nan() } else { value == 0.1 }, "{i}: {value}");
            }
        }
    }
}
