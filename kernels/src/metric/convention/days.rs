//! Equity by calendar day, week, month or year.

use crate::window::calendar::{DAY, month_index};

/// Returns from one period to the next, and how many periods a year has.
pub(super) struct Days {
    /// The returns.
    pub(super) returns: Vec<f64>,
    /// Periods per year.
    pub(super) per_year: f64,
}

/// Bars whose distances tell how long a bar is.
const LAST_BARS: usize = 100;

impl Days {
    /// The last equity of each day, or of each week, month or year where bars are that long. Days without a bar are left out. A
    /// year has 365 days where more than 6 of 35 bars lie on a weekend, and 252 otherwise.
    pub(super) fn of(ts: &[i64], equity: &[f64]) -> Option<Self> {
        let length = median_distance(&ts[ts.len().saturating_sub(LAST_BARS)..])?.div_euclid(DAY);
        let weekend = ts.iter().filter(|ts| weekday(**ts) >= 5).count();
        let per_year = match length {
            7 => 52.0,
            31 => 12.0,
            365 => 1.0,
            _ if weekend as f64 / ts.len() as f64 > 2.0 / 7.0 * 0.6 => 365.0,
            _ => 252.0,
        };
        let period = |ts: i64| match length {
            7 => (ts.div_euclid(DAY) + 3).div_euclid(7),
            31 => month_index(ts),
            // Years of the index begin in March.
            365 => (month_index(ts) + 2).div_euclid(12),
            _ => ts.div_euclid(DAY),
        };
        let mut last: Vec<(i64, f64)> = vec![];
        for (&ts, &equity) in ts.iter().zip(equity) {
            match last.last_mut() {
                Some((known, value)) if *known == period(ts) => *value = equity,
                _ => last.push((period(ts), equity)),
            }
        }
        let returns = last.windows(2).map(|pair| pair[1].1 / pair[0].1 - 1.0).collect();
        Some(Days { returns, per_year })
    }
}

/// Monday is 0.
fn weekday(ts: i64) -> i64 {
    (ts.div_euclid(DAY) + 3).rem_euclid(7)
}

/// The median of the distances between neighbours, rounded down; of an even number the mean of the middle two.
fn median_distance(ts: &[i64]) -> Option<i64> {
    let mut distances: Vec<i64> = ts.windows(2).map(|pair| pair[1] - pair[0]).collect();
    distances.sort_unstable();
    let middle = distances.len() / 2;
    match distances.len() {
        0 => None,
        n if n % 2 == 1 => Some(distances[middle]),
        _ => Some((distances[middle - 1] + distances[middle]).div_euclid(2)),
    }
}
