//! Averages made of exponential averages of exponential averages, each of which begins with the mean of its first
//! `period` values.

use super::delay::Behind;
use super::fading::Fadings;
use super::room::PIECE;
use super::smoother::{Seed, Smoother, ema_weight};

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
    distances: Fadings<N>,
    /// How much of each is taken from the value.
    shares: [f64; N],
}

impl<const N: usize> Cascade<N> {
    /// Averages over `period` values each, of which the combination has `parts`; these add up to one.
    pub fn new(period: usize, parts: [f64; N]) -> Self {
        let weight = ema_weight(period);
        // Every average is below the value by its distance and those before it.
        let share = |k: usize| parts[k..].iter().sum::<f64>() * weight.powi(k as i32);
        let distances = Fadings::new([1.0 - weight; N]);
        Cascade { period, weight, begun: 0, seed: Seed::new(period), distances, shares: std::array::from_fn(share) }
    }

    /// Takes the next value; `NaN` before `N * (period - 1) + 1` values. A `NaN` gives `NaN` and changes nothing.
    #[inline(always)]
    pub fn step(&mut self, x: f64) -> f64 {
        if x.is_nan() {
            return x;
        }
        let combined = if self.is_warm() { combine(&mut self.distances, &self.shares, x) } else { self.begin(x) };
        self.distances.end_bar();
        combined
    }

    /// Takes a value before the last average has begun, or its first one.
    #[inline(never)]
    fn begin(&mut self, x: f64) -> f64 {
        let (mut value, mut power) = (x, 1.0);
        let mut distance = 0.0;
        for k in 0..self.begun {
            distance = if k == 0 { self.distances.distance(k, x) } else { self.distances.add(k, distance) };
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
        if self.is_warm() { combined(self.distances.sums(), &self.shares, x) } else { f64::NAN }
    }

    /// Whether the next value has every average.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.begun == N
    }

    /// The combinations at finite values, as [`Cascade::step`] gives them. It must be warm.
    #[inline(always)]
    pub fn fill(&mut self, values: &[f64], out: &mut [f64]) {
        let shares = self.shares;
        self.distances.run(values, [out], |distances, x| [combine(distances, &shares, x)]);
    }
}

/// Takes the next value of a cascade that is warm.
#[inline(always)]
fn combine<const N: usize>(distances: &mut Fadings<N>, shares: &[f64; N], x: f64) -> f64 {
    let mut distance = distances.distance(0, x);
    for k in 1..N {
        distance = distances.add(k, distance);
    }
    combined(distances.sums(), shares, x)
}

/// A value less the shares of distances.
#[inline(always)]
fn combined<const N: usize>(distances: [f64; N], shares: &[f64; N], x: f64) -> f64 {
    let mut below = shares[0] * distances[0];
    for k in 1..N {
        below = shares[k].mul_add(distances[k], below);
    }
    x - below
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
    delay: Behind,
    average: Smoother,
}

impl ZeroLag {
    /// An average over `period` values that gain what they gained in `(period - 1) / 2` bars.
    pub fn new(period: usize) -> Self {
        ZeroLag { delay: Behind::new(Self::lag(period)), average: Smoother::ema(period) }
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
        self.average.step(x + (x - before))
    }

    /// Whether values can be handed to `fill`.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.average.is_warm()
    }

    /// Replaces at most [`PIECE`] values by their averages, as [`ZeroLag::step`] gives them.
    #[inline(always)]
    pub fn fill(&mut self, values: &mut [f64]) {
        let mut buffer = [0.0; PIECE];
        let before = &mut buffer[..values.len()];
        before.copy_from_slice(values);
        self.delay.fill(before);
        for (x, &before) in values.iter_mut().zip(&*before) {
            *x += *x - before;
        }
        self.average.fill(values);
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
