//! Second, third and fourth central moments of the last `period` values.

use super::ladder::{Lens, Summary};
use super::mean::Flat;
use super::series::moving_column;
use crate::eight::Number;
use crate::simd::{finite, widest};

/// Sum of the values and of the second, third and fourth powers of their deviations from the mean, joined by the pairwise
/// formulas of Pébay (2008), in which, as in [`Moments`](super::Moments), nothing large cancels.
#[derive(Debug, Clone, Copy)]
pub struct Shape;

impl Summary<1, 4> for Shape {
    #[inline(always)]
    fn of<T: Number>([x]: [T; 1]) -> [T; 4] {
        let none = x.nothing();
        [x, none, none, none]
    }

    #[inline(always)]
    fn join<T: Number>([older, a2, a3, a4]: [T; 4], [newer, b2, b3, b4]: [T; 4], lens: &Lens) -> [T; 4] {
        let Lens { older: m, newer: n, weight, .. } = *lens;
        // The difference of the means is `apart / (m * n)`, so that `apart * weight` is its part per value.
        let apart = newer * m - older * n;
        let part = apart * weight;
        let square = part * part;
        [
            older + newer,
            a2 + b2 + apart * part,
            a3 + b3 + apart * square * (m - n) + part * (b2 * m - a2 * n) * 3.0,
            a4 + b4
                + apart * square * part * (m * m - m * n + n * n)
                + square * (b2 * (m * m) + a2 * (n * n)) * 6.0
                + part * (b3 * m - a3 * n) * 4.0,
        ]
    }
}

/// Moving [`Shape`]: exactly no deviation while all values are equal.
#[derive(Debug, Clone)]
pub struct Shaped(Flat<Shape, 4>);

impl Shaped {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        Shaped(Flat::new(period))
    }

    /// Takes the next value and gives the sums of the second, third and fourth powers of the deviations.
    #[inline]
    pub fn step(&mut self, value: f64) -> [f64; 3] {
        match self.0.push(value) {
            (_, true) => [0.0; 3],
            ([_, m2, m3, m4], false) => [m2, m3, m4],
        }
    }
}

/// What `f` makes of the powers in each window of a whole series and of `period`, with the bits of [`Shaped`], and `NaN` for what
/// is not finite.
#[inline(always)]
pub fn moving_shape(values: &[f64], period: usize, out: &mut Vec<f64>, f: impl Fn([f64; 3], f64) -> f64) {
    let len = period as f64;
    moving_column::<Shape, 4>(
        values,
        period,
        out,
        |_| finite(f([0.0; 3], len)),
        |_, [_, m2, m3, m4], out| {
            widest(|| {
                for (((out, m2), m3), m4) in out.iter_mut().zip(m2).zip(m3).zip(m4) {
                    *out = finite(f([*m2, *m3, *m4], len));
                }
            });
        },
    );
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
