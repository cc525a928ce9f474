//! What a [`Sliding`](super::Sliding) window can summarise. All of them carry a `NaN` as long as it is in the window.

use super::sliding::Aggregate;

/// Sum of the values.
#[derive(Debug, Clone, Copy)]
pub struct Sum(pub f64);

impl Aggregate for Sum {
    #[inline]
    fn of(value: f64) -> Self {
        Sum(value)
    }

    #[inline]
    fn join(older: Self, _: f64, newer: Self, _: f64) -> Self {
        Sum(older.0 + newer.0)
    }
}

/// Largest value.
#[derive(Debug, Clone, Copy)]
pub struct Max(pub f64);

impl Aggregate for Max {
    #[inline]
    fn of(value: f64) -> Self {
        Max(value)
    }

    #[inline]
    fn join(older: Self, _: f64, newer: Self, _: f64) -> Self {
        // `f64::max` would drop a `NaN`; a comparison with one is false, so the second arm keeps a newer `NaN`.
        if older.0 > newer.0 || older.0.is_nan() { older } else { newer }
    }
}

/// Smallest value.
#[derive(Debug, Clone, Copy)]
pub struct Min(pub f64);

impl Aggregate for Min {
    #[inline]
    fn of(value: f64) -> Self {
        Min(value)
    }

    #[inline]
    fn join(older: Self, _: f64, newer: Self, _: f64) -> Self {
        if older.0 < newer.0 || older.0.is_nan() { older } else { newer }
    }
}

/// Mean and sum of squared deviations, joined by the pairwise formula of Chan, Golub and LeVeque (1979).
///
/// There is no `E[x^2] - E[x]^2`, so nothing cancels: equal values give exactly zero, and it is never negative.
#[derive(Debug, Clone, Copy)]
pub struct Moments {
    /// Mean of the values.
    pub mean: f64,
    /// Sum of the squared deviations from the mean.
    pub squares: f64,
}

impl Aggregate for Moments {
    #[inline]
    fn of(value: f64) -> Self {
        Moments { mean: value, squares: if value.is_nan() { f64::NAN } else { 0.0 } }
    }

    #[inline]
    fn join(older: Self, older_len: f64, newer: Self, newer_len: f64) -> Self {
        let share = newer_len / (older_len + newer_len);
        let delta = newer.mean - older.mean;
        Moments {
            mean: older.mean + delta * share,
            squares: older.squares + newer.squares + delta * delta * (older_len * share),
        }
    }
}

/// Mean of the values and their co-moment with their positions `1, 2, ...`, which is all that a straight-line fit and
/// linear weights need.
///
/// As in [`Moments`] the deviations are what is kept, so equal values have a co-moment of exactly zero.
#[derive(Debug, Clone, Copy)]
pub struct Trend {
    /// Mean of the values.
    pub mean: f64,
    /// Sum of `(position - mean position) * (value - mean value)`.
    pub comoment: f64,
}

impl Aggregate for Trend {
    #[inline]
    fn of(value: f64) -> Self {
        Trend { mean: value, comoment: 0.0 }
    }

    #[inline]
    fn join(older: Self, older_len: f64, newer: Self, newer_len: f64) -> Self {
        let delta = newer.mean - older.mean;
        Trend {
            mean: older.mean + delta * (newer_len / (older_len + newer_len)),
            // The mean positions of the runs are half of the total length apart.
            comoment: older.comoment + newer.comoment + delta * (older_len * newer_len * 0.5),
        }
    }
}

impl Trend {
    /// Slope per bar of the least-squares line through `len` values.
    #[inline]
    pub fn slope(self, len: f64) -> f64 {
        self.comoment / (len * (len * len - 1.0) / 12.0)
    }

    /// Value of the least-squares line at the last of `len` values.
    #[inline]
    pub fn end(self, len: f64) -> f64 {
        self.mean + self.slope(len) * ((len - 1.0) / 2.0)
    }

    /// Mean of `len` values with the weights `1, 2, ..., len`.
    #[inline]
    pub fn weighted_mean(self, len: f64) -> f64 {
        self.mean + self.comoment / (len * (len + 1.0) / 2.0)
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
        assert!((moments.mean - 2.8).abs() < 1e-15);
        assert!((moments.squares - 12.8).abs() < 1e-14);
        let trend: Trend = fold(&values);
        assert!((trend.slope(5.0) - 0.4).abs() < 1e-15);
        assert!((trend.end(5.0) - 3.6).abs() < 1e-15);
        assert!((trend.weighted_mean(5.0) - 46.0 / 15.0).abs() < 1e-15);
    }

    #[test]
    fn equal_values_have_no_spread() {
        let values = [0.1; 37];
        assert_eq!(fold::<Moments>(&values).squares, 0.0);
        assert_eq!(fold::<Trend>(&values).comoment, 0.0);
        assert_eq!(fold::<Trend>(&values).mean, 0.1);
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
