//! Where the extreme of a window lies.

use super::sliding::Aggregate;

/// Largest value and the number of bars since it, the newest of equal ones.
#[derive(Debug, Clone, Copy)]
pub struct MaxAt {
    /// The value.
    pub value: f64,
    /// Bars since then.
    pub ago: f64,
}

impl Aggregate for MaxAt {
    #[inline]
    fn of(value: f64) -> Self {
        MaxAt { value, ago: 0.0 }
    }

    #[inline]
    fn join(older: Self, _: f64, newer: Self, newer_len: f64) -> Self {
        let keeps = (older.value > newer.value) | older.value.is_nan();
        if keeps { MaxAt { value: older.value, ago: older.ago + newer_len } } else { newer }
    }
}

/// Smallest value and the number of bars since it, the newest of equal ones.
#[derive(Debug, Clone, Copy)]
pub struct MinAt {
    /// The value.
    pub value: f64,
    /// Bars since then.
    pub ago: f64,
}

impl Aggregate for MinAt {
    #[inline]
    fn of(value: f64) -> Self {
        MinAt { value, ago: 0.0 }
    }

    #[inline]
    fn join(older: Self, _: f64, newer: Self, newer_len: f64) -> Self {
        let keeps = (older.value < newer.value) | older.value.is_nan();
        if keeps { MinAt { value: older.value, ago: older.ago + newer_len } } else { newer }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::Sliding;

    #[test]
    fn every_window_is_searched() {
        let values: Vec<f64> = (0..60).map(|i| ((i * 37) % 11) as f64).collect();
        for period in 1..=14 {
            let (mut max, mut min) = (Sliding::<MaxAt>::new(period), Sliding::<MinAt>::new(period));
            for i in 0..values.len() {
                let (Some(max), Some(min)) = (max.push(values[i]), min.push(values[i])) else { continue };
                let window = || values[i + 1 - period..=i].iter().rev().enumerate();
                // The first of equal ones in this order is the newest.
                let highest = window().fold((0, f64::MIN), |a, (k, &x)| if x > a.1 { (k, x) } else { a });
                let lowest = window().fold((0, f64::MAX), |a, (k, &x)| if x < a.1 { (k, x) } else { a });
                assert_eq!((max.ago as usize, max.value), highest, "period {period}, bar {i}");
                assert_eq!((min.ago as usize, min.value), lowest, "period {period}, bar {i}");
            }
        }
    }
}
