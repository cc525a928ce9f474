//! Bars per year, from the calendar or from the data.

use crate::window::{DAY, month_index};

/// Spacing of a timeframe's grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    /// A fixed number of microseconds, positive.
    Micros(i64),
    /// Calendar months of UTC, positive.
    Months(u32),
}

/// Bars per year used to annualise when the user gives no number (`auto`).
///
/// With `n` bars from `ts[0]` to `ts[n-1]` the grid has `floor((ts[n-1] - ts[0]) / spacing) + 1` places (months: the
/// months between the two, over the spacing, plus one). If at least 90 % of them are filled, the market never closes and
/// the result is the spacing's count in 365 days (15 minutes: 35040; months: 12 / months). Otherwise the market has
/// sessions, and the result is the observed rate `(n - 1) / ((ts[n-1] - ts[0]) / 365.25 days)`. With fewer than two bars,
/// or no time between them, there is nothing to observe and the result is the calendar's.
///
/// `ts` is in microseconds UTC, increasing.
pub fn periods_per_year(ts: &[i64], spacing: Spacing) -> f64 {
    let calendar = match spacing {
        Spacing::Micros(step) => (365 * DAY) as f64 / step as f64,
        Spacing::Months(step) => 12.0 / f64::from(step),
    };
    let (Some(&first), Some(&last)) = (ts.first(), ts.last()) else { return calendar };
    let elapsed = last.saturating_sub(first);
    if elapsed <= 0 {
        return calendar;
    }
    let places = match spacing {
        Spacing::Micros(step) => elapsed / step + 1,
        Spacing::Months(step) => (month_index(last) - month_index(first)) / i64::from(step) + 1,
    };
    if ts.len() as f64 >= 0.9 * places as f64 {
        return calendar;
    }
    (ts.len() - 1) as f64 / (elapsed as f64 / (365.25 * DAY as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000_000;

    #[test]
    fn a_full_grid_gives_the_calendar_number() {
        let ts: Vec<i64> = (0..1000).map(|i| i * 15 * MINUTE).collect();
        assert_eq!(periods_per_year(&ts, Spacing::Micros(15 * MINUTE)), 35_040.0);
        assert_eq!(periods_per_year(&ts[..1], Spacing::Micros(15 * MINUTE)), 35_040.0);
        assert_eq!(periods_per_year(&[], Spacing::Micros(DAY)), 365.0);
        assert_eq!(periods_per_year(&[5, 5], Spacing::Micros(DAY)), 365.0);
    }

    #[test]
    fn weekdays_give_the_observed_number() {
        // Four years of weekdays: five sevenths of the days.
        let ts: Vec<i64> = (0..1461).filter(|day| day % 7 < 5).map(|day| day * DAY).collect();
        let observed = periods_per_year(&ts, Spacing::Micros(DAY));
        assert_eq!(observed, (ts.len() - 1) as f64 / (ts[ts.len() - 1] as f64 / (365.25 * DAY as f64)));
        assert!((observed - 261.0).abs() < 1.0, "{observed}");
    }

    #[test]
    fn ninety_percent_is_enough() {
        let grid = |skip: i64| (0..=100).filter(|i| !(1..=skip).contains(i)).map(|i| i * DAY).collect::<Vec<_>>();
        assert_eq!(periods_per_year(&grid(10), Spacing::Micros(DAY)), 365.0);
        assert!(periods_per_year(&grid(11), Spacing::Micros(DAY)) != 365.0);
    }

    #[test]
    fn months_follow_the_calendar() {
        // First days of the months of 2024, a leap year, and of January 2025.
        let days = [0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366];
        let ts: Vec<i64> = days.iter().map(|day| (19_723 + day) * DAY).collect();
        assert_eq!(month_index(ts[12]) - month_index(ts[0]), 12);
        assert!(ts.windows(2).all(|pair| month_index(pair[1]) == month_index(pair[0]) + 1));
        assert_eq!(month_index(ts[1] - 1), month_index(ts[0]));
        assert_eq!(periods_per_year(&ts, Spacing::Months(1)), 12.0);
    }
}
