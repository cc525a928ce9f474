//! Averages made of exponential averages of exponential averages, each of which begins with the mean of its first
//! `period` values.

use super::delay::Behind;
use super::smoother::Smoother;

/// `N` exponential averages in a row.
#[derive(Debug, Clone)]
pub struct Cascade<const N: usize> {
    weight: f64,
    values: [f64; N],
    /// The averages until the last one of them has begun, then none.
    seeds: Option<Box<[Smoother; N]>>,
}

impl<const N: usize> Cascade<N> {
    /// Averages over `period` values each.
    pub fn new(period: usize) -> Self {
        let seeds = std::array::from_fn(|_| Smoother::ema(period));
        Cascade { weight: Smoother::ema_weight(period), values: [f64::NAN; N], seeds: Some(Box::new(seeds)) }
    }

    /// Takes the next value and gives every average, the first one first; those that have not begun are `NaN`. A `NaN`
    /// gives `NaN` and changes nothing.
    #[inline]
    pub fn step(&mut self, x: f64) -> [f64; N] {
        if x.is_nan() {
            return [f64::NAN; N];
        }
        if self.seeds.is_some() {
            return self.begin(x);
        }
        let mut next = self.values;
        let mut input = x;
        let mut tiny = false;
        for value in &mut next {
            *value += self.weight * (input - *value);
            tiny |= value.abs() < f64::MIN_POSITIVE;
            input = *value;
        }
        // One question for all of them instead of one each.
        if tiny {
            next = step_to_zero(self.values, self.weight, x);
        }
        self.values = next;
        next
    }

    /// One step before the last average has begun.
    #[cold]
    fn begin(&mut self, mut x: f64) -> [f64; N] {
        let Some(seeds) = &mut self.seeds else { return self.values };
        for (value, average) in self.values.iter_mut().zip(seeds.iter_mut()) {
            x = average.step(x);
            *value = x;
        }
        if !x.is_nan() {
            self.seeds = None;
        }
        self.values
    }
}

/// A step of [`Cascade`] in which an average ends in zero, as that of [`Smoother`].
#[cold]
#[inline(never)]
fn step_to_zero<const N: usize>(mut values: [f64; N], weight: f64, mut x: f64) -> [f64; N] {
    for value in &mut values {
        *value += weight * (x - *value);
        if value.abs() < f64::MIN_POSITIVE {
            *value = 0.0;
        }
        x = *value;
    }
    values
}

/// Mulloy's double exponential average.
#[derive(Debug, Clone)]
pub struct Double(Cascade<2>);

impl Double {
    /// Averages over `period` values each.
    pub fn new(period: usize) -> Self {
        Double(Cascade::new(period))
    }

    /// Takes the next value; `NaN` before `2 * period - 1` values. A `NaN` gives `NaN` and changes nothing.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        let [first, second] = self.0.step(x);
        first + (first - second)
    }
}

/// Mulloy's triple exponential average.
#[derive(Debug, Clone)]
pub struct Triple(Cascade<3>);

impl Triple {
    /// Averages over `period` values each.
    pub fn new(period: usize) -> Self {
        Triple(Cascade::new(period))
    }

    /// Takes the next value; `NaN` before `3 * period - 2` values. A `NaN` gives `NaN` and changes nothing.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        let [first, second, third] = self.0.step(x);
        3.0 * (first - second) + third
    }
}

/// Tillson's T3: his generalised double average, three times.
#[derive(Debug, Clone)]
pub struct Tillson {
    cascade: Cascade<6>,
    /// Weights of the fourth, fifth and sixth average; the third one has the rest of one.
    weights: [f64; 3],
}

impl Tillson {
    /// Averages over `period` values each; `volume_factor` is 0 for a plain cascade and 1 for double averages.
    pub fn new(period: usize, volume_factor: f64) -> Self {
        let v = volume_factor;
        let (square, cube) = (v * v, v * v * v);
        let weights = [-6.0 * square - 3.0 * v - 3.0 * cube, 3.0 * square + 3.0 * cube, -cube];
        Tillson { cascade: Cascade::new(period), weights }
    }

    /// Takes the next value; `NaN` before `6 * period - 5` values. A `NaN` gives `NaN` and changes nothing.
    #[inline]
    pub fn step(&mut self, x: f64) -> f64 {
        let [_, _, third, fourth, fifth, sixth] = self.cascade.step(x);
        let [a, b, c] = self.weights;
        // As distances from one of the averages, so that equal values have exactly that value as their average.
        third + (a * (fourth - third) + b * (fifth - third) + c * (sixth - third))
    }
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_values_are_their_own_average() {
        let (mut double, mut triple) = (Double::new(3), Triple::new(3));
        let (mut tillson, mut zero_lag) = (Tillson::new(3, 0.7), ZeroLag::new(3));
        for i in 0..40 {
            let all = [double.step(0.1), triple.step(0.1), tillson.step(0.1), zero_lag.step(0.1)];
            let begin = [4, 6, 12, 3];
            for (value, begin) in all.into_iter().zip(begin) {
                assert!(if i < begin { value.is_nan() } else { value == 0.1 }, "{i}: {value}");
            }
        }
    }
}
