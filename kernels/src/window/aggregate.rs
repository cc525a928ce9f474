//! What a [`Sliding`](super::Sliding) window can summarise. All of them carry a `NaN` as long as it is in the window.

use super::blocks::Plain;
use super::sliding::Aggregate;

/// Sum of the values.
#[derive(Debug, Clone, Copy)]
pub struct Sum(pub f64);

impl Aggregate for Sum {
    #[inline(always)]
    fn of(value: f64) -> Self {
        Sum(value)
    }

    #[inline(always)]
    fn join(older: Self, _: f64, newer: Self, _: f64) -> Self {
        Sum(older.0 + newer.0)
    }
}

impl Plain<1, 1> for Sum {
    #[inline(always)]
    fn bar([value]: [f64; 1]) -> Self {
        Sum(value)
    }

    #[inline(always)]
    fn from_numbers([sum]: [f64; 1]) -> Self {
        Sum(sum)
    }

    #[inline(always)]
    fn numbers(self) -> [f64; 1] {
        [self.0]
    }
}

/// Sums of several values per bar, which are `NaN` one by one.
#[derive(Debug, Clone, Copy)]
pub struct Sums<const N: usize>(pub [f64; N]);

impl<const N: usize> Aggregate for Sums<N> {
    #[inline(always)]
    fn of(value: f64) -> Self {
        Sums([value; N])
    }

    #[inline(always)]
    fn join(older: Self, _: f64, newer: Self, _: f64) -> Self {
        Sums(std::array::from_fn(|k| older.0[k] + newer.0[k]))
    }
}

impl<const N: usize> Plain<N, N> for Sums<N> {
    #[inline(always)]
    fn bar(values: [f64; N]) -> Self {
        Sums(values)
    }

    #[inline(always)]
    fn from_numbers(sums: [f64; N]) -> Self {
        Sums(sums)
    }

    #[inline(always)]
    fn numbers(self) -> [f64; N] {
        self.0
    }
}

/// Largest value.
#[derive(Debug, Clone, Copy)]
pub struct Max(pub f64);

impl Aggregate for Max {
    #[inline(always)]
    fn of(value: f64) -> Self {
        Max(value)
    }

    #[inline(always)]
    fn join(older: Self, _: f64, newer: Self, _: f64) -> Self {
        // `f64::max` would drop a `NaN`; a comparison with one is false, so the second arm keeps a newer `NaN`.
        if (older.0 > newer.0) | older.0.is_nan() { older } else { newer }
    }
}

/// Smallest value.
#[derive(Debug, Clone, Copy)]
pub struct Min(pub f64);

impl Aggregate for Min {
    #[inline(always)]
    fn of(value: f64) -> Self {
        Min(value)
    }

    #[inline(always)]
    fn join(older: Self, _: f64, newer: Self, _: f64) -> Self {
        if (older.0 < newer.0) | older.0.is_nan() { older } else { newer }
    }
}

/// Sum of the values and of their squared deviations from the mean, joined by the pairwise formula of Chan, Golub and
/// LeVeque (1979).
///
/// There is no `E[x^2] - E[x]^2`, so nothing large cancels, and the squares are never negative. They are formed from
/// sums and not from means, because a chain of additions is a third as long as a chain of updated means.
#[derive(Debug, Clone, Copy)]
pub struct Moments {
    /// Sum of the values.
    pub sum: f64,
    /// Sum of the squared deviations from the mean.
    pub squares: f64,
}

impl Aggregate for Moments {
    #[inline(always)]
    fn of(value: f64) -> Self {
        Moments { sum: value, squares: if value.is_nan() { f64::NAN } else { 0.0 } }
    }

    #[inline(always)]
    fn join(older: Self, older_len: f64, newer: Self, newer_len: f64) -> Self {
        // The difference of the means, times both lengths.
        let apart = newer.sum * older_len - older.sum * newer_len;
        // The same for all blocks of a series.
        let weight = 1.0 / (older_len * newer_len * (older_len + newer_len));
        Moments { sum: older.sum + newer.sum, squares: older.squares + newer.squares + apart * apart * weight }
    }
}

impl Plain<1, 2> for Moments {
    #[inline(always)]
    fn bar([value]: [f64; 1]) -> Self {
        Moments::of(value)
    }

    #[inline(always)]
    fn from_numbers([sum, squares]: [f64; 2]) -> Self {
        Moments { sum, squares }
    }

    #[inline(always)]
    fn numbers(self) -> [f64; 2] {
        [self.sum, self.squares]
    }
}

/// Sum of the values and their co-moment with their positions `1, 2, ...`, which is all that a straight-line fit and
/// linear weights need. As in [`Moments`], the deviations are what is kept.
#[derive(Debug, Clone, Copy)]
pub struct Trend {
    /// Sum of the values.
    pub sum: f64,
    /// Sum of `(position - mean position) * (value - mean value)`.
    pub comoment: f64,
}

impl Aggregate for Trend {
    #[inline(always)]
    fn of(value: f64) -> Self {
        Trend { sum: value, comoment: 0.0 }
    }

    #[inline(always)]
    fn join(older: Self, older_len: f64, newer: Self, newer_len: f64) -> Self {
        // The mean positions of the runs are half of the total length apart, which leaves only the half.
        let apart = newer.sum * older_len - older.sum * newer_len;
        Trend { sum: older.sum + newer.sum, comoment: older.comoment + newer.comoment + 0.5 * apart }
    }
}

impl Plain<1, 2> for Trend {
    #[inline(always)]
    fn bar([value]: [f64; 1]) -> Self {
        Trend::of(value)
    }

    #[inline(always)]
    fn from_numbers([sum, comoment]: [f64; 2]) -> Self {
        Trend { sum, comoment }
    }

    #[inline(always)]
    fn numbers(self) -> [f64; 2] {
        [self.sum, self.comoment]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold<A: Aggregate>(values: &[f64]) -> A {
        let mut len = 0.0;
        let mut all = A::of(values[0]);
        for &value in values {
            all = if len == 0.0 { A::of(value) } else { A::join(all, len, A::of(value), 1.0) };
            len += 1.0;
        }
        all
    }

    #[test]
    fn joins_agree_with_the_definitions() {
        let values = [3.0, 1.0, 4.0, 1.0, 5.0];
        let moments: Moments = fold(&values);
        assert_eq!(moments.sum, 14.0);
        assert!((moments.squares - 12.8).abs() < 1e-14);
        let trend: Trend = fold(&values);
        assert_eq!((trend.sum, trend.comoment), (14.0, 4.0));
        let (left, right): (Moments, Moments) = (fold(&values[..2]), fold(&values[2..]));
        assert!((Moments::join(left, 2.0, right, 3.0).squares - 12.8).abs() < 1e-14);
        let (left, right): (Trend, Trend) = (fold(&values[..2]), fold(&values[2..]));
        assert!((Trend::join(left, 2.0, right, 3.0).comoment - 4.0).abs() < 1e-14);
    }

    #[test]
    fn nan_is_kept_in_either_position() {
        for values in [[f64::NAN, 1.0, 2.0], [1.0, f64::NAN, 2.0], [1.0, 2.0, f64::NAN]] {
            assert!(fold::<Sum>(&values).0.is_nan());
            assert!(fold::<Max>(&values).0.is_nan());
            assert!(fold::<Min>(&values).0.is_nan());
            assert!(fold::<Moments>(&values).squares.is_nan());
            assert!(fold::<Trend>(&values).comoment.is_nan());
        }
    }
}
