//! Where the extremes of a window lie: the age of the highest value and the deepest fall.

use super::sliding::Aggregate;

/// Largest value and how many values came after it; of equal ones the newest. Negate the values for the smallest.
#[derive(Debug, Clone, Copy)]
pub struct Newest {
    value: f64,
    after: f64,
}

impl Newest {
    /// Bars since the largest value, `NaN` if one of the window is missing.
    #[inline]
    pub fn bars(self) -> f64 {
        if self.value.is_nan() { f64::NAN } else { self.after }
    }
}

impl Aggregate for Newest {
    #[inline]
    fn of(value: f64) -> Self {
        Newest { value, after: 0.0 }
    }

    #[inline]
    fn join(older: Self, _: f64, newer: Self, newer_len: f64) -> Self {
        // Selected field by field, which needs no branch.
        let keep = (older.value > newer.value) | older.value.is_nan();
        Newest {
            value: if keep { older.value } else { newer.value },
            after: if keep { older.after + newer_len } else { newer.after },
        }
    }
}

/// Highest and lowest value and the deepest fall from a value to a later one, as a fraction of at most zero.
#[derive(Debug, Clone, Copy)]
pub struct Fall {
    highest: f64,
    lowest: f64,
    /// `low / high - 1` of the deepest fall; `NaN` if a value is missing.
    pub deepest: f64,
}

impl Aggregate for Fall {
    #[inline]
    fn of(value: f64) -> Self {
        Fall { highest: value, lowest: value, deepest: if value.is_nan() { f64::NAN } else { 0.0 } }
    }

    #[inline]
    fn join(older: Self, _: f64, newer: Self, _: f64) -> Self {
        // A fall from one run into the other begins at the high of the older and ends at the low of the newer one.
        let across = newer.lowest / older.highest - 1.0;
        Fall {
            highest: if (older.highest > newer.highest) | older.highest.is_nan() {
                older.highest
            } else {
                newer.highest
            },
            lowest: lower(older.lowest, newer.lowest),
            deepest: lower(lower(older.deepest, newer.deepest), across),
        }
    }
}

/// The smaller one, or `NaN` if one is.
#[inline]
fn lower(a: f64, b: f64) -> f64 {
    if (a < b) | a.is_nan() { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::Sliding;

    #[test]
    fn every_window_by_definition() {
        let values: Vec<f64> = (0..60).map(|i| 1.0 + ((i * 37) % 11) as f64).collect();
        for period in 1..=12 {
            let (mut newest, mut fall) = (Sliding::<Newest>::new(period), Sliding::<Fall>::new(period));
            for end in 0..values.len() {
                let (newest, fall) = (newest.push(values[end]), fall.push(values[end]));
                if end + 1 < period {
                    continue;
                }
                let window = &values[end + 1 - period..=end];
                let highest = window.iter().fold(0.0, |a: f64, &b| a.max(b));
                let bars = window.iter().rev().position(|&x| x == highest).unwrap();
                assert_eq!(newest.unwrap().bars(), bars as f64);
                let mut deepest: f64 = 0.0;
                for (i, high) in window.iter().enumerate() {
                    window[i..].iter().for_each(|low| deepest = deepest.min(low / high - 1.0));
                }
                assert_eq!(fall.unwrap().deepest, deepest);
            }
        }
    }
}
