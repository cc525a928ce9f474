//! What a [`Ladder`](super::Ladder) can summarise bars by.

use super::ladder::{Lens, Summary};
use crate::eight::Number;

/// Sums of the numbers of each bar, which are `NaN` one by one.
#[derive(Debug, Clone, Copy)]
pub struct Sums;

impl<const N: usize> Summary<N, N> for Sums {
    #[inline(always)]
    fn of<T: Number>(bar: [T; N]) -> [T; N] {
        bar
    }

    #[inline(always)]
    fn join<T: Number>(older: [T; N], newer: [T; N], _: &Lens) -> [T; N] {
        // A loop and no closure: a closure is compiled for every processor, whoever calls it.
        let mut sums = older;
        for k in 0..N {
            sums[k] = older[k] + newer[k];
        }
        sums
    }
}

/// Sum of the values and of their squared deviations from the mean, joined by the pairwise formula of Chan, Golub and
/// LeVeque (1979).
///
/// There is no `E[x^2] - E[x]^2`, so nothing large cancels, and the squares are never negative. The sum has the bits of
/// [`Sums`].
#[derive(Debug, Clone, Copy)]
pub struct Moments;

impl Summary<1, 2> for Moments {
    #[inline(always)]
    fn of<T: Number>([x]: [T; 1]) -> [T; 2] {
        [x, x.nothing()]
    }

    #[inline(always)]
    fn join<T: Number>([older, older_squares]: [T; 2], [newer, newer_squares]: [T; 2], lens: &Lens) -> [T; 2] {
        let apart = apart(older, newer, lens);
        [older + newer, older_squares + newer_squares + apart * apart * lens.weight]
    }

    #[inline(always)]
    fn double<T: Number>([older, older_squares]: [T; 2], [newer, newer_squares]: [T; 2], lens: &Lens) -> [T; 2] {
        let apart = newer - older;
        [older + newer, older_squares + newer_squares + apart * apart * lens.share]
    }
}

/// Sum of the values and their co-moment with their positions `1, 2, ...`, which is all that a straight-line fit and linear
/// weights need: the sum of `(position - mean position) * (value - mean value)`. The sum has the bits of [`Sums`].
#[derive(Debug, Clone, Copy)]
pub struct Trend;

impl Summary<1, 2> for Trend {
    #[inline(always)]
    fn of<T: Number>([x]: [T; 1]) -> [T; 2] {
        [x, x.nothing()]
    }

    #[inline(always)]
    fn join<T: Number>([older, older_comoment]: [T; 2], [newer, newer_comoment]: [T; 2], lens: &Lens) -> [T; 2] {
        // The mean positions of the runs are half of the total length apart, which leaves only the half.
        [older + newer, older_comoment + newer_comoment + apart(older, newer, lens) * 0.5]
    }

    #[inline(always)]
    fn double<T: Number>([older, older_comoment]: [T; 2], [newer, newer_comoment]: [T; 2], lens: &Lens) -> [T; 2] {
        [older + newer, older_comoment + newer_comoment + (newer - older) * (lens.older * 0.5)]
    }
}

/// Sum of the values, and of the values times their positions `1, 2, ...`.
#[derive(Debug, Clone, Copy)]
pub struct Ramp;

impl Summary<1, 2> for Ramp {
    #[inline(always)]
    fn of<T: Number>([x]: [T; 1]) -> [T; 2] {
        [x, x]
    }

    #[inline(always)]
    fn join<T: Number>([older, older_ramp]: [T; 2], [newer, newer_ramp]: [T; 2], lens: &Lens) -> [T; 2] {
        [older + newer, older_ramp + newer_ramp + newer * lens.older]
    }
}

/// Sums of two series, their squared deviations from their means and the products of these deviations, as [`Moments`].
#[derive(Debug, Clone, Copy)]
pub struct Joint;

impl Summary<2, 5> for Joint {
    #[inline(always)]
    fn of<T: Number>([a, b]: [T; 2]) -> [T; 5] {
        let none = a.nothing() + b.nothing();
        [a, b, none, none, none]
    }

    #[inline(always)]
    fn join<T: Number>(older: [T; 5], newer: [T; 5], lens: &Lens) -> [T; 5] {
        let (a, b) = (apart(older[0], newer[0], lens), apart(older[1], newer[1], lens));
        [
            older[0] + newer[0],
            older[1] + newer[1],
            older[2] + newer[2] + a * a * lens.weight,
            older[3] + newer[3] + b * b * lens.weight,
            older[4] + newer[4] + a * b * lens.weight,
        ]
    }

    #[inline(always)]
    fn double<T: Number>(older: [T; 5], newer: [T; 5], lens: &Lens) -> [T; 5] {
        let (a, b) = (newer[0] - older[0], newer[1] - older[1]);
        [
            older[0] + newer[0],
            older[1] + newer[1],
            older[2] + newer[2] + a * a * lens.share,
            older[3] + newer[3] + b * b * lens.share,
            older[4] + newer[4] + a * b * lens.share,
        ]
    }
}

/// The difference of the means of two runs with these sums, times the lengths of both.
#[inline(always)]
fn apart<T: Number>(older: T, newer: T, lens: &Lens) -> T {
    newer * lens.older - older * lens.newer
}

/// Highest or lowest value, of equal ones the newest. A missing one must come as the infinity on that side, which hides all
/// others.
#[derive(Debug, Clone, Copy)]
pub struct Extreme<const HIGHEST: bool>;

impl<const HIGHEST: bool> Summary<1, 1> for Extreme<HIGHEST> {
    #[inline(always)]
    fn of<T: Number>(bar: [T; 1]) -> [T; 1] {
        bar
    }

    #[inline(always)]
    fn join<T: Number>([older]: [T; 1], [newer]: [T; 1], _: &Lens) -> [T; 1] {
        [if HIGHEST { older.larger(newer) } else { older.smaller(newer) }]
    }
}

/// Highest first number and lowest second one, as [`Extreme`].
#[derive(Debug, Clone, Copy)]
pub struct HighestAndLowest;

impl Summary<2, 2> for HighestAndLowest {
    #[inline(always)]
    fn of<T: Number>(bar: [T; 2]) -> [T; 2] {
        bar
    }

    #[inline(always)]
    fn join<T: Number>([older_high, older_low]: [T; 2], [high, low]: [T; 2], _: &Lens) -> [T; 2] {
        [older_high.larger(high), older_low.smaller(low)]
    }
}

/// Highest first number, as [`Extreme`], and the second one of the bar that has it.
#[derive(Debug, Clone, Copy)]
pub struct Peak;

impl Summary<2, 2> for Peak {
    #[inline(always)]
    fn of<T: Number>(bar: [T; 2]) -> [T; 2] {
        bar
    }

    #[inline(always)]
    fn join<T: Number>([older, older_place]: [T; 2], [newer, newer_place]: [T; 2], _: &Lens) -> [T; 2] {
        [older.larger(newer), older.if_above(newer, older_place, newer_place)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::Ladder;

    fn last<S: Summary<K, N>, const K: usize, const N: usize>(bars: &[[f64; K]]) -> [f64; N] {
        let mut ladder = Ladder::<S, K, N>::new(bars.len());
        bars.iter().map(|&bar| ladder.push(bar)).last().unwrap()
    }

    #[test]
    fn by_definition() {
        let values = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0, 5.0, 3.0, 5.0].map(|x| [x]);
        for len in 1..=values.len() {
            let values = &values[..len];
            let mean = values.iter().map(|x| x[0]).sum::<f64>() / len as f64;
            let middle = (len as f64 + 1.0) / 2.0;
            let squares: f64 = values.iter().map(|x| (x[0] - mean).powi(2)).sum();
            let comoment: f64 = values.iter().enumerate().map(|(i, x)| (i as f64 + 1.0 - middle) * (x[0] - mean)).sum();
            let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}, {len} values");
            close(last::<Sums, 1, 1>(values)[0], mean * len as f64);
            close(last::<Moments, 1, 2>(values)[1], squares);
            close(last::<Trend, 1, 2>(values)[1], comoment);
            let ramp: f64 = values.iter().enumerate().map(|(i, x)| (i as f64 + 1.0) * x[0]).sum();
            assert_eq!(last::<Ramp, 1, 2>(values)[1], ramp);
            let pairs: Vec<[f64; 2]> = values.iter().enumerate().map(|(i, x)| [x[0], i as f64]).collect();
            let joint = last::<Joint, 2, 5>(&pairs);
            close(joint[2], squares);
            close(joint[4], comoment);
        }
    }

    #[test]
    fn a_single_nan_is_in_all_numbers() {
        for place in 0..19 {
            let mut values = [[2.0, 3.0]; 19];
            values[place][1] = f64::NAN;
            let second = values.map(|bar| [bar[1]]);
            assert!(last::<Sums, 1, 1>(&second)[0].is_nan());
            assert!(last::<Moments, 1, 2>(&second).iter().all(|x| x.is_nan()));
            assert!(last::<Trend, 1, 2>(&second).iter().all(|x| x.is_nan()));
            assert!(last::<Ramp, 1, 2>(&second).iter().all(|x| x.is_nan()));
            assert!(last::<Joint, 2, 5>(&values)[1..].iter().all(|x| x.is_nan()));
        }
    }
}
