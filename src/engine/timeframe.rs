//! Timeframes: the length of a bar, and where its bucket begins and ends.
//!
//! Buckets are UTC: days begin at 00:00, weeks on Monday, months on the first. All times are microseconds since
//! 1970-01-01 UTC, and may be negative.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

const MINUTE_US: i64 = 60_000_000;
const HOUR_US: i64 = 60 * MINUTE_US;
/// Microseconds in a day.
pub const DAY_US: i64 = 24 * HOUR_US;
/// 1970-01-01 was a Thursday: the Monday of that week lies three days before the epoch.
const MONDAY_US: i64 = -3 * DAY_US;

/// The length of a bar, from `1m` to `1M`; ordered by duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timeframe {
    /// One minute.
    M1,
    /// Three minutes.
    M3,
    /// Five minutes.
    M5,
    /// Fifteen minutes.
    M15,
    /// Thirty minutes.
    M30,
    /// Forty-five minutes.
    M45,
    /// One hour.
    H1,
    /// Two hours.
    H2,
    /// Four hours.
    H4,
    /// Six hours.
    H6,
    /// Eight hours.
    H8,
    /// Twelve hours.
    H12,
    /// One day.
    D1,
    /// One week, from Monday.
    W1,
    /// One calendar month.
    Month1,
}

use Timeframe::*;

impl Timeframe {
    /// Every timeframe, shortest first.
    pub const ALL: [Timeframe; 15] = [M1, M3, M5, M15, M30, M45, H1, H2, H4, H6, H8, H12, D1, W1, Month1];

    /// Reads a name such as `15m`. Minutes are a small `m` and the month is `1M` (or `1mo`, which survives file systems
    /// that ignore case); `1H`, `1D` and `1W` may be written either way.
    ///
    /// # Errors
    /// An unknown name, with the nearest timeframe and the list of all.
    pub fn parse(text: &str) -> Result<Self> {
        let name = text.trim();
        if let Some(exact) = Self::ALL.into_iter().find(|t| t.name() == name) {
            return Ok(exact);
        }
        let lower = name.to_ascii_lowercase();
        if lower == "1mo" {
            return Ok(Month1);
        }
        if lower.ends_with(['h', 'd', 'w'])
            && let Some(found) = Self::ALL.into_iter().find(|t| t.name() == lower)
        {
            return Ok(found);
        }
        Err(Error::UnknownName {
            kind: "timeframe",
            name: name.to_string(),
            within: String::new(),
            suggestion: Self::meant_by(&lower).map(|t| t.name().to_string()),
            allowed: Self::ALL.iter().map(|t| t.name().to_string()).collect(),
        })
    }

    /// The timeframe that another spelling stands for, such as `60min`, `PT1H` or `daily`: used for suggestions and for
    /// the interval names of exchanges, never to accept a misspelt argument.
    pub fn meant_by(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        match text.as_str() {
            "minute" | "minutely" => return Some(M1),
            "hour" | "hourly" => return Some(H1),
            "day" | "daily" => return Some(D1),
            "week" | "weekly" => return Some(W1),
            "month" | "monthly" => return Some(Month1),
            _ => {}
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let unit: String = text.chars().filter(char::is_ascii_alphabetic).collect();
        let count: i64 = if digits.is_empty() { 1 } else { digits.parse().ok()? };
        let unit_us = match unit.as_str() {
            "m" | "min" | "mins" | "minute" | "minutes" | "t" | "ptm" => MINUTE_US,
            "h" | "hr" | "hrs" | "hour" | "hours" | "pth" => HOUR_US,
            "d" | "day" | "days" | "pd" => DAY_US,
            "w" | "wk" | "week" | "weeks" | "pw" => 7 * DAY_US,
            "mo" | "mon" | "month" | "months" | "pm" => return (count == 1).then_some(Month1),
            "s" | "sec" | "second" | "seconds" => 1_000_000,
            _ => return None,
        };
        Self::from_duration_us(count.checked_mul(unit_us)?)
    }

    /// The fixed timeframe of exactly this duration; the month is not fixed.
    pub fn from_duration_us(duration_us: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.fixed_us() == Some(duration_us))
    }

    /// The name, such as `15m` or `1M`.
    pub fn name(self) -> &'static str {
        match self {
            M1 => "1m",
            M3 => "3m",
            M5 => "5m",
            M15 => "15m",
            M30 => "30m",
            M45 => "45m",
            H1 => "1h",
            H2 => "2h",
            H4 => "4h",
            H6 => "6h",
            H8 => "8h",
            H12 => "12h",
            D1 => "1d",
            W1 => "1w",
            Month1 => "1M",
        }
    }

    /// The name in file and directory names: `1mo` for the month, so that it differs from `1m` where case does not count.
    pub fn path_name(self) -> &'static str {
        if self == Month1 { "1mo" } else { self.name() }
    }

    /// Duration in microseconds, none for the month, whose length changes.
    fn fixed_us(self) -> Option<i64> {
        Some(match self {
            M1 => MINUTE_US,
            M3 => 3 * MINUTE_US,
            M5 => 5 * MINUTE_US,
            M15 => 15 * MINUTE_US,
            M30 => 30 * MINUTE_US,
            M45 => 45 * MINUTE_US,
            H1 => HOUR_US,
            H2 => 2 * HOUR_US,
            H4 => 4 * HOUR_US,
            H6 => 6 * HOUR_US,
            H8 => 8 * HOUR_US,
            H12 => 12 * HOUR_US,
            D1 => DAY_US,
            W1 => 7 * DAY_US,
            Month1 => return None,
        })
    }

    /// Nominal duration in microseconds; a month counts as a twelfth of 365 days.
    pub fn duration_us(self) -> i64 {
        self.fixed_us().unwrap_or(365 * DAY_US / 12)
    }

    /// Bars in a year of 365 days that trades around the clock.
    pub fn bars_per_year(self) -> f64 {
        (365 * DAY_US) as f64 / self.duration_us() as f64
    }

    /// Start of the bucket that holds `ts_us`.
    pub fn bucket_start(self, ts_us: i64) -> i64 {
        match self {
            Month1 => {
                let (year, month, _) = civil_from_days(ts_us.div_euclid(DAY_US));
                days_from_civil(year, month, 1).saturating_mul(DAY_US)
            }
            W1 => ts_us.saturating_sub(ts_us.wrapping_sub(MONDAY_US).rem_euclid(7 * DAY_US)),
            fixed => ts_us.saturating_sub(ts_us.rem_euclid(fixed.duration_us())),
        }
    }

    /// End of the bucket that holds `ts_us`, which is the start of the next one.
    pub fn next(self, ts_us: i64) -> i64 {
        match self.fixed_us() {
            Some(duration) => self.bucket_start(ts_us).saturating_add(duration),
            None => {
                let (year, month, _) = civil_from_days(ts_us.div_euclid(DAY_US));
                let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
                days_from_civil(year, month, 1).saturating_mul(DAY_US)
            }
        }
    }

    /// The time at which a bar that opened at `ts_us` is over. Equal to [`Self::next`] for a bar on the grid; a bar with
    /// an offset (a session that opens at 09:30) lasts its full duration.
    pub fn bar_end(self, ts_us: i64) -> i64 {
        match self.fixed_us() {
            Some(duration) => ts_us.saturating_add(duration),
            None => self.next(ts_us),
        }
    }

    /// Whether every bucket of `coarser` is made of whole buckets of `self`.
    pub fn divides(self, coarser: Timeframe) -> bool {
        match (self.fixed_us(), coarser.fixed_us()) {
            (Some(fine), Some(coarse)) => fine < coarse && coarse % fine == 0,
            (Some(fine), None) => fine <= DAY_US,
            (None, _) => false,
        }
    }
}

impl fmt::Display for Timeframe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Timeframe {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

/// Year, month (1 to 12) and day of a day number counted from 1970-01-01, in the proleptic Gregorian calendar.
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Day number counted from 1970-01-01 of a date; the inverse of [`civil_from_days`].
pub(crate) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// `2023-06-01 00:00:00`, with a fraction only where there is one: how a time is written in errors and reports.
pub fn format_ts(ts_us: i64) -> String {
    let (year, month, day) = civil_from_days(ts_us.div_euclid(DAY_US));
    let in_day = ts_us.rem_euclid(DAY_US);
    let (seconds, micros) = (in_day / 1_000_000, in_day % 1_000_000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = match micros {
        0 => String::new(),
        ms if ms % 1000 == 0 => format!(".{:03}", ms / 1000),
        us => format!(".{us:06}"),
    };
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(year: i64, month: i64, day: i64) -> i64 {
        days_from_civil(year, month, day) * DAY_US
    }

    #[test]
    fn names_round_trip_and_order_is_by_duration() {
        for pair in Timeframe::ALL.windows(2) {
            assert!(pair[0] < pair[1] && pair[0].duration_us() < pair[1].duration_us());
        }
        for t in Timeframe::ALL {
            assert_eq!(Timeframe::parse(t.name()).unwrap(), t);
            assert_eq!(Timeframe::parse(t.path_name()).unwrap(), t);
        }
        assert_eq!(Timeframe::parse("1H").unwrap(), H1);
        assert_eq!(Timeframe::parse("1m").unwrap(), M1);
        assert_eq!(Timeframe::parse("1M").unwrap(), Month1);
    }

    #[test]
    fn an_unknown_name_suggests() {
        let text = |name| Timeframe::parse(name).unwrap_err().to_string();
        assert_eq!(text("60min"), "unknown timeframe `60min`; did you mean `1h`?");
        assert_eq!(text("15M"), "unknown timeframe `15M`; did you mean `15m`?");
        assert!(text("7m").ends_with("known: 1m, 3m, 5m, 15m, 30m, 45m, 1h, 2h, 4h, 6h, 8h, 12h, 1d, 1w, 1M"));
        assert!(Timeframe::parse("").is_err() && Timeframe::parse("99999999999999999999h").is_err());
    }

    #[test]
    fn civil_dates_agree_with_chrono() {
        use chrono::{Datelike, NaiveDate};
        let epoch = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        for days in (-800_000..800_000).step_by(97) {
            let date = epoch + chrono::TimeDelta::days(days);
            let (y, m, d) = (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
            assert_eq!(civil_from_days(days), (y, m, d));
            assert_eq!(days_from_civil(y, m, d), days);
        }
    }

    #[test]
    fn buckets() {
        // 2024-02-29 was a Thursday.
        let ts = at(2024, 2, 29) + 13 * HOUR_US + 47 * MINUTE_US;
        assert_eq!(M45.bucket_start(ts), at(2024, 2, 29) + 13 * HOUR_US + 30 * MINUTE_US);
        assert_eq!(H4.bucket_start(ts), at(2024, 2, 29) + 12 * HOUR_US);
        assert_eq!(W1.bucket_start(ts), at(2024, 2, 26));
        assert_eq!(W1.next(ts), at(2024, 3, 4));
        assert_eq!(Month1.bucket_start(ts), at(2024, 2, 1));
        assert_eq!(Month1.next(ts), at(2024, 3, 1));
        assert_eq!(Month1.next(at(2023, 12, 31)), at(2024, 1, 1));
        assert_eq!(D1.bucket_start(-1), -DAY_US);
        assert_eq!(W1.bucket_start(at(1969, 12, 29)), at(1969, 12, 29));
        for t in Timeframe::ALL {
            for ts in [i64::MIN, i64::MAX, 0, -1] {
                assert!(t.bucket_start(ts) <= ts && t.next(ts) >= ts, "{t} {ts}");
            }
        }
    }

    #[test]
    fn divisors() {
        assert!(M1.divides(H1) && M45.divides(D1) && D1.divides(W1) && D1.divides(Month1) && H8.divides(D1));
        assert!(!M45.divides(H1) && !W1.divides(Month1) && !Month1.divides(Month1) && !H1.divides(H1));
        assert_eq!(Month1.bars_per_year(), 12.0);
        assert_eq!(H1.bars_per_year(), 8760.0);
    }
}
