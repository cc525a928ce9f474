//! Highest and lowest price of a window together, and how long ago they were.

use super::sliding::{Aggregate, Sliding};

/// Largest high and smallest low of consecutive bars. A missing bar is infinitely high and low, so a join is one
/// comparison per side and none of them has to look for `NaN`.
#[derive(Debug, Clone, Copy)]
struct Extremes {
    high: f64,
    low: f64,
}

impl Aggregate for Extremes {
    #[inline]
    fn of(value: f64) -> Self {
        Extremes { high: value, low: value }
    }

    #[inline]
    fn join(older: Self, _: f64, newer: Self, _: f64) -> Self {
        Extremes {
            high: if older.high > newer.high { older.high } else { newer.high },
            low: if older.low < newer.low { older.low } else { newer.low },
        }
    }
}

/// Highest high and lowest low of the last `period` bars.
#[derive(Debug, Clone)]
pub struct Channel(Sliding<Extremes>);

impl Channel {
    /// A window of `period` bars.
    pub fn new(period: usize) -> Self {
        Channel(Sliding::new(period))
    }

    /// Takes the next bar, of finite prices or `NaN`, and returns the highest high and the lowest low; both `NaN` before `period` bars and while
    /// a price is missing in the window.
    #[inline]
    pub fn step(&mut self, high: f64, low: f64) -> [f64; 2] {
        let missing = high.is_nan() | low.is_nan();
        let bar =
            if missing { Extremes { high: f64::INFINITY, low: f64::NEG_INFINITY } } else { Extremes { high, low } };
        match self.0.push_summary(bar) {
            Some(all) if all.high < f64::INFINITY => [all.high, all.low],
            _ => [f64::NAN; 2],
        }
    }
}

/// Largest value of consecutive ones and how many bars before the last one it was; the latest of equals. A missing value
/// is infinite.
#[derive(Debug, Clone, Copy)]
struct Peak {
    value: f64,
    age: f64,
}

impl Aggregate for Peak {
    #[inline]
    fn of(value: f64) -> Self {
        Peak { value, age: 0.0 }
    }

    #[inline]
    fn join(older: Self, _: f64, newer: Self, newer_len: f64) -> Self {
        let keeps = older.value > newer.value;
        Peak {
            value: if keeps { older.value } else { newer.value },
            age: if keeps { older.age + newer_len } else { newer.age },
        }
    }
}

/// How many bars ago the largest of the last `period` values was.
#[derive(Debug, Clone)]
pub struct SincePeak(Sliding<Peak>);

impl SincePeak {
    /// A window of `period` values.
    pub fn new(period: usize) -> Self {
        SincePeak(Sliding::new(period))
    }

    /// Takes the next value, finite or `NaN`, and returns the bars since the latest of the largest ones; `NaN` before `period` values
    /// and while one in the window is missing. The negated values give the bars since the smallest.
    #[inline]
    pub fn step(&mut self, value: f64) -> f64 {
        match self.0.push(if value.is_nan() { f64::INFINITY } else { value }) {
            Some(peak) if peak.value < f64::INFINITY => peak.age,
            _ => f64::NAN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_price_hides_both_sides_until_it_leaves() {
        let mut channel = Channel::new(2);
        assert!(channel.step(2.0, 1.0)[0].is_nan());
        assert_eq!(channel.step(3.0, 2.0), [3.0, 1.0]);
        assert!(channel.step(f64::NAN, 2.0).iter().all(|x| x.is_nan()));
        assert!(channel.step(4.0, 3.0).iter().all(|x| x.is_nan()));
        assert_eq!(channel.step(1.0, 0.0), [4.0, 0.0]);
    }

    #[test]
    fn ages_of_every_window() {
        let values: Vec<f64> = (0..60).map(|i| ((i * 37) % 11) as f64).collect();
        for period in 1..=9 {
            let mut since = SincePeak::new(period);
            for end in 0..values.len() {
                let age = since.step(values[end]);
                if end + 1 < period {
                    assert!(age.is_nan());
                    continue;
                }
                let window = &values[end + 1 - period..=end];
                let largest = window.iter().fold(f64::MIN, |a, &b| a.max(b));
                let expected = window.iter().rev().position(|&x| x == largest).unwrap();
                assert_eq!(age, expected as f64, "period {period}, bar {end}");
            }
        }
    }
}
