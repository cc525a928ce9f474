//! Squared deviations and co-moment of two series over the last `period` pairs.

use super::blocks::Plain;
use super::room::{make_room, next_places};
use super::series::{Runs, copy_finite, every_window};
use super::sliding::{Aggregate, Sliding};
use crate::simd::finite;

/// Sums of two series, their squared deviations from their means and the product of these deviations, joined as in
/// [`Moments`](super::Moments).
#[derive(Debug, Clone, Copy)]
pub struct Joint {
    sums: [f64; 2],
    /// Sums of the squared deviations from the means.
    pub squares: [f64; 2],
    /// Sum of the products of the deviations.
    pub product: f64,
}

impl Aggregate<[f64; 2]> for Joint {
    #[inline(always)]
    fn of(values: [f64; 2]) -> Self {
        let none = if values[0].is_nan() | values[1].is_nan() { f64::NAN } else { 0.0 };
        Joint { sums: values, squares: [none; 2], product: none }
    }

    #[inline(always)]
    fn join(older: Self, older_len: f64, newer: Self, newer_len: f64) -> Self {
        let apart = |k: usize| newer.sums[k] * older_len - older.sums[k] * newer_len;
        let (a, b) = (apart(0), apart(1));
        let weight = 1.0 / (older_len * newer_len * (older_len + newer_len));
        Joint {
            sums: [older.sums[0] + newer.sums[0], older.sums[1] + newer.sums[1]],
            squares: [
                older.squares[0] + newer.squares[0] + a * a * weight,
                older.squares[1] + newer.squares[1] + b * b * weight,
            ],
            product: older.product + newer.product + a * b * weight,
        }
    }
}

impl Plain<2, 5, [f64; 2]> for Joint {
    #[inline(always)]
    fn bar(values: [f64; 2]) -> Self {
        Joint::of(values)
    }

    #[inline(always)]
    fn from_numbers([a, b, squares_a, squares_b, product]: [f64; 5]) -> Self {
        Joint { sums: [a, b], squares: [squares_a, squares_b], product }
    }

    #[inline(always)]
    fn numbers(self) -> [f64; 5] {
        let Joint { sums: [a, b], squares: [squares_a, squares_b], product } = self;
        [a, b, squares_a, squares_b, product]
    }
}

impl Joint {
    /// The squared deviations and their product, exactly zero for a series of equal values.
    #[inline]
    fn without_flat(self, flat: [bool; 2]) -> [f64; 3] {
        let Joint { squares: [a, b], product, .. } = self;
        // Times zero and not zero, because the other series may be missing.
        let still = |flat: bool| if flat { 0.0 } else { 1.0 };
        [a * still(flat[0]), b * still(flat[1]), product * still(flat[0] | flat[1])]
    }
}

/// Moving squared deviations and co-moment of two series. A series whose values in the window are all equal has exactly
/// none.
#[derive(Debug, Clone)]
pub struct Pair {
    period: usize,
    window: Sliding<Joint, [f64; 2]>,
    last: [f64; 2],
    runs: [usize; 2],
}

impl Pair {
    /// A window of `period` pairs, at least two.
    pub fn new(period: usize) -> Self {
        Pair { period, window: Sliding::new(period), last: [f64::NAN; 2], runs: [0; 2] }
    }

    /// Takes the next pair and gives the squared deviations of both series and the product of the deviations; `NaN`
    /// before `period` pairs and while a `NaN` is in the window.
    #[inline]
    pub fn step(&mut self, values: [f64; 2]) -> [f64; 3] {
        let run = |k: usize| if values[k] == self.last[k] { self.runs[k] + 1 } else { 1 };
        self.runs = [run(0), run(1)];
        self.last = values;
        match self.window.push(values) {
            Some(joint) => joint.without_flat(self.runs.map(|run| run >= self.period)),
            None => [f64::NAN; 3],
        }
    }

    /// Takes the next pair and gives the correlation; zero if either series does not move.
    #[inline]
    pub fn correlation(&mut self, values: [f64; 2]) -> f64 {
        correlation(self.step(values))
    }
}

/// Correlation from the squared deviations of two series and the product of the deviations; zero if either does not
/// move.
#[inline]
pub fn correlation([a, b, product]: [f64; 3]) -> f64 {
    // One root leaves a perfect correlation exactly one, unless the product leaves the range of numbers.
    let size = if (a * b).is_normal() { (a * b).sqrt() } else { a.sqrt() * b.sqrt() };
    if size == 0.0 { 0.0 } else { (product / size).clamp(-1.0, 1.0) }
}

/// Squared deviations and their product in every window of two whole series, with the bits of [`Pair`], handed to `emit`
/// in pieces with the first place; `fill` writes the pairs from a place on.
#[inline(always)]
pub fn every_pair(
    len: usize,
    period: usize,
    fill: impl FnMut(usize, [&mut [f64]; 2]),
    mut emit: impl FnMut(usize, [&mut [f64]; 3]),
) {
    let mut runs = [Runs::new(period), Runs::new(period)];
    let pick = |Joint { squares: [a, b], product, .. }: Joint| [a, b, product];
    every_window(len, period, fill, pick, |start, [a, b], [squares_a, squares_b, product]| {
        // Times zero and not zero, because the other series may be missing.
        runs[0].visit(a, |i| (squares_a[i], product[i]) = (squares_a[i] * 0.0, product[i] * 0.0));
        runs[1].visit(b, |i| (squares_b[i], product[i]) = (squares_b[i] * 0.0, product[i] * 0.0));
        emit(start, [squares_a, squares_b, product]);
    });
}

/// [`Pair::correlation`] of two whole series, and `NaN` for what is not finite.
pub fn moving_correlation(a: &[f64], b: &[f64], period: usize, out: &mut Vec<f64>) {
    make_room(out, a.len());
    let fill = |start: usize, [first, second]: [&mut [f64]; 2]| {
        copy_finite(&a[start..], first);
        copy_finite(&b[start..], second);
    };
    every_pair(a.len(), period, fill, |_, [a, b, products]| {
        for (((out, a), b), product) in next_places(out, a.len()).iter_mut().zip(a).zip(b).zip(products) {
            *out = finite(correlation([*a, *b, *product]));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let mut pair = Pair::new(3);
        let out: Vec<[f64; 3]> = [[1.0, 2.0], [2.0, 2.0], [6.0, 5.0]].map(|v| pair.step(v)).to_vec();
        assert!(out[1][0].is_nan());
        for (got, expected) in out[2].iter().zip([14.0, 6.0, 9.0]) {
            assert!((got - expected).abs() < 1e-14);
        }
    }

    #[test]
    fn flat_series_have_no_deviation() {
        let mut pair = Pair::new(3);
        let out = [1.0, 7.0, 3.0, 2.0].map(|x| pair.step([0.1, x]))[3];
        assert_eq!((out[0], out[2]), (0.0, 0.0));
        assert_eq!(pair.correlation([0.1, 9.0]), 0.0);
        assert!(pair.correlation([0.1, f64::NAN]).is_nan());
    }
}
