//! What a [`Sliding`](super::Sliding) window can summarise. All of them carry a `NaN` as long as it is in the window.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_is_kept_in_either_position() {
        for values in [[f64::NAN, 1.0, 2.0], [1.0, f64::NAN, 2.0], [1.0, 2.0, f64::NAN]] {
            fn fold<A: Aggregate>(values: &[f64]) -> A {
                let of = values.iter().map(|&value| (A::of(value), 1.0));
                of.reduce(|(all, len), (one, _)| (A::join(all, len, one, 1.0), len + 1.0)).unwrap().0
            }
            assert!(fold::<Sum>(&values).0.is_nan());
            assert!(fold::<Max>(&values).0.is_nan());
            assert!(fold::<Min>(&values).0.is_nan());
        }
    }
}
