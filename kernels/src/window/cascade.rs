//! Averages made of exponential averages of exponential averages, each of which begins with the mean of its first
//! `period` values.

use super::blocks::PIECE;
use super::delay::Behind;
use super::smoother::Smoother;

/// `N` exponential averages in a row.
#[derive(Debug, Clone)]
pub struct Cascade<const N: usize>([Smoother; N]);

impl<const N: usize> Cascade<N> {
    /// Averages over `period` values each.
    pub fn new(period: usize) -> Self {
        Cascade(std::array::from_fn(|_| Smoother::ema(period)))
    }

    /// Takes the next value and gives every average, the first one first; those that have not begun are `NaN`. A `NaN`
    /// gives `NaN` and changes nothing.
    #[inline]
    pub fn step(&mut self, x: f64) -> [f64; N] {
        let mut value = x;
        self.0.each_mut().map(|average| {
            value = average.step(value);
            value
        })
    }

    /// Whether the next value has every average.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.0[N - 1].is_warm()
    }

    /// Replaces at most [`PIECE`] values by the last average, as [`Cascade::step`] gives it. It must be warm.
    #[inline(always)]
    pub fn fill(&mut self, values: &mut [f64]) {
        self.0.iter_mut().for_each(|average| average.fill(values));
    }
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

    /// Whether values can be handed to `fill`.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.0.is_warm()
    }

    /// Replaces at most [`PIECE`] values by their averages, as [`Double::step`] gives them.
    #[inline(always)]
    pub fn fill(&mut self, values: &mut [f64]) {
        let mut buffer = [0.0; PIECE];
        let second = &mut buffer[..values.len()];
        self.0.0[0].fill(values);
        second.copy_from_slice(values);
        self.0.0[1].fill(second);
        for (first, &second) in values.iter_mut().zip(&*second) {
            *first += *first - second;
        }
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

    /// Whether values can be handed to `fill`.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.0.is_warm()
    }

    /// Replaces at most [`PIECE`] values by their averages, as [`Triple::step`] gives them.
    #[inline(always)]
    pub fn fill(&mut self, values: &mut [f64]) {
        let mut buffers = [[0.0; PIECE]; 2];
        let [second, third] = buffers.each_mut().map(|buffer| &mut buffer[..values.len()]);
        let [averages_1, averages_2, averages_3] = &mut self.0.0;
        averages_1.fill(values);
        second.copy_from_slice(values);
        averages_2.fill(second);
        third.copy_from_slice(second);
        averages_3.fill(third);
        for ((first, &second), &third) in values.iter_mut().zip(&*second).zip(&*third) {
            *first = 3.0 * (*first - second) + third;
        }
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

    /// Whether values can be handed to `fill`.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.cascade.is_warm()
    }

    /// Replaces at most [`PIECE`] values by their averages, as [`Tillson::step`] gives them.
    #[inline(always)]
    pub fn fill(&mut self, values: &mut [f64]) {
        let mut buffers = [[0.0; PIECE]; 4];
        let [third, fourth, fifth, sixth] = buffers.each_mut().map(|buffer| &mut buffer[..values.len()]);
        let averages = &mut self.cascade.0;
        averages[..3].iter_mut().for_each(|average| average.fill(values));
        third.copy_from_slice(values);
        for (average, series) in averages[3..].iter_mut().zip([&mut *fourth, &mut *fifth, &mut *sixth]) {
            average.fill(values);
            series.copy_from_slice(values);
        }
        let [a, b, c] = self.weights;
        for (i, value) in values.iter_mut().enumerate() {
            let third = third[i];
            *value = third + (a * (fourth[i] - third) + b * (fifth[i] - third) + c * (sixth[i] - third));
        }
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
