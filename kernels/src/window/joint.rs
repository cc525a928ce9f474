//! Squared deviations and co-moment of two series over the last `period` pairs.

use super::ladder::Ladder;
use super::room::{make_room, next_places};
use super::series::{Runs, copy_finite, every_window};
use super::summary::Joint;
use crate::simd::{finite, widest_fn};

/// Moving squared deviations and co-moment of two series. A series whose values in the window are all equal has exactly
/// none.
#[derive(Debug, Clone)]
pub struct Pair {
    window: Ladder<Joint, 2, 5>,
    last: [f64; 2],
    runs: [usize; 2],
}

impl Pair {
    /// A window of `period` pairs, at least two.
    pub fn new(period: usize) -> Self {
        Pair { window: Ladder::new(period), last: [f64::NAN; 2], runs: [0; 2] }
    }

    /// Takes the next pair and gives the squared deviations of both series and the product of the deviations; `NaN`
    /// before `period` pairs and while a `NaN` is in the window.
    #[inline]
    pub fn step(&mut self, values: [f64; 2]) -> [f64; 3] {
        let run = |k: usize| if values[k] == self.last[k] { self.runs[k] + 1 } else { 1 };
        self.runs = [run(0), run(1)];
        self.last = values;
        let [_, _, a, b, product] = self.window.push(values);
        // Times zero and not zero, because the other series may be missing.
        let [still_a, still_b] = self.runs.map(|run| if run >= self.window.period() { 0.0 } else { 1.0 });
        [a * still_a, b * still_b, product * (still_a * still_b)]
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
    share(product, if is_usual_size(a * b) { (a * b).sqrt() } else { a.sqrt() * b.sqrt() })
}

/// Whether the product of two positive numbers was rounded as all are.
#[inline(always)]
fn is_usual_size(product: f64) -> bool {
    // Not `is_normal`, which no vector unit has.
    (f64::MIN_POSITIVE..f64::INFINITY).contains(&product)
}

/// The product as a share of its largest possible size; zero if that is.
#[inline(always)]
fn share(product: f64, size: f64) -> f64 {
    let share = (product / size).clamp(-1.0, 1.0);
    if size == 0.0 { 0.0 } else { share }
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
    every_window::<Joint, 2, 5>(len, period, fill, |start, [a, b], [_, _, squares_a, squares_b, product]| {
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
        correlations([a, b, products], next_places(out, products.len()));
    });
}

widest_fn! {
    /// [`correlation`] at each bar, and `NaN` for what is not finite.
    [] []
    fn correlations(columns: [&[f64]; 3], out: &mut [f64]) {
        let [a, b, products] = columns.map(|column| &column[..out.len()]);
        let mut is_usual = true;
        for (a, b) in a.iter().zip(b) {
            is_usual &= is_usual_size(a * b);
        }
        for (i, out) in out.iter_mut().enumerate() {
            let size = a[i] * b[i];
            *out = if is_usual { share(products[i], size.sqrt()) } else { correlation([a[i], b[i], products[i]]) };
            *out = finite(*out);
        }
    }
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
