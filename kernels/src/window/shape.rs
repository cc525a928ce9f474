//! Second, third and fourth central moments of the last `period` values.

use super::mean::Flat;
use super::sliding::Aggregate;

/// Sum of the values and of the powers of their deviations from the mean, joined by the pairwise formulas of Pébay
/// (2008), in which, as in [`Moments`](super::Moments), nothing large cancels.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    sum: f64,
    /// Sums of the second, third and fourth powers of the deviations.
    pub powers: [f64; 3],
}

impl Aggregate for Shape {
    #[inline]
    fn of(value: f64) -> Self {
        Shape { sum: value, powers: [if value.is_nan() { f64::NAN } else { 0.0 }; 3] }
    }

    #[inline]
    fn join(older: Self, m: f64, newer: Self, n: f64) -> Self {
        let ([a2, a3, a4], [b2, b3, b4]) = (older.powers, newer.powers);
        // The difference of the means is `apart / (m * n)`, so that `apart * weight` is its part per value.
        let apart = newer.sum * m - older.sum * n;
        let weight = 1.0 / (m * n * (m + n));
        let part = apart * weight;
        let square = part * part;
        Shape {
            sum: older.sum + newer.sum,
            powers: [
                a2 + b2 + apart * part,
                a3 + b3 + apart * square * (m - n) + 3.0 * part * (m * b2 - n * a2),
                a4 + b4
                    + apart * square * part * (m * m - m * n + n * n)
                    + 6.0 * square * (m * m * b2 + n * n * a2)
                    + 4.0 * part * (m * b3 - n * a3),
            ],
        }
    }
}

/// Moving [`Shape`]: exactly no deviation while all values are equal.
#[derive(Debug, Clone)]
pub struct Shaped(Flat<Shape>);

impl Shaped {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        Shaped(Flat::new(period))
    }

    /// Takes the next value and gives the sums of the second, third and fourth powers of the deviations.
    #[inline]
    pub fn step(&mut self, value: f64) -> [f64; 3] {
        match self.0.push(value) {
            Some((_, true)) => [0.0; 3],
            Some((shape, false)) => shape.powers,
            None => [f64::NAN; 3],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_agree_with_the_definition() {
        let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0];
        let mut shaped = Shaped::new(5);
        for (i, &value) in values.iter().enumerate() {
            let powers = shaped.step(value);
            if i < 4 {
                assert!(powers[0].is_nan());
                continue;
            }
            let window = &values[i - 4..=i];
            let mean = window.iter().sum::<f64>() / 5.0;
            for (k, power) in powers.iter().enumerate() {
                let expected: f64 = window.iter().map(|x| (x - mean).powi(k as i32 + 2)).sum();
                assert!((power - expected).abs() < 1e-12 * expected.abs().max(1.0), "{i}, power {}", k + 2);
            }
        }
    }
}
