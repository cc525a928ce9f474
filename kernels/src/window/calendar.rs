//! Days, weeks and months of UTC. Times are microseconds since 1970.

/// Microseconds of a day.
pub const DAY: i64 = 86_400_000_000;

/// Days from the first of March of year 0 to 1970.
const EPOCH: i64 = 719_468;

/// Months since March of year 0, from the civil-from-days algorithm of Howard Hinnant.
pub fn month_index(ts: i64) -> i64 {
    let days = ts.div_euclid(DAY) + EPOCH;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    (era * 400 + year_of_era) * 12 + month_from_march
}

/// Days from 1970 to the first day of a month, given as by [`month_index`].
pub fn month_start(index: i64) -> i64 {
    let (year, month_from_march) = (index.div_euclid(12), index.rem_euclid(12));
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leap_days + (153 * month_from_march + 2) / 5 - EPOCH
}

/// What the sessions of a market are taken to be: `[start, end)` in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// From midnight to midnight.
    Day,
    /// From Monday to Monday.
    Week,
    /// From the first of a month to the first of the next.
    Month,
}

impl Session {
    /// The words for the variants, in their order.
    pub const WORDS: &'static [&'static str] = &["day", "week", "month"];

    /// The variant at a position of [`WORDS`](Self::WORDS).
    pub fn from_choice(position: usize) -> Self {
        [Session::Day, Session::Week, Session::Month][position]
    }

    /// Start and end of the session that a time lies in.
    fn bounds(self, ts: f64) -> [f64; 2] {
        let day = DAY as f64;
        let days = (ts / day).floor();
        let [start, end] = match self {
            Session::Day => [days, days + 1.0],
            Session::Week => {
                // The first day of 1970 was a Thursday, three days after a Monday.
                let monday = ((days + 3.0) / 7.0).floor() * 7.0 - 3.0;
                [monday, monday + 7.0]
            }
            Session::Month => {
                let month = month_index(ts as i64);
                [month_start(month) as f64, month_start(month + 1) as f64]
            }
        };
        [start * day, end * day]
    }
}

/// Tells the first bar of each session from the others.
#[derive(Debug, Clone)]
pub struct Sessions {
    kind: Session,
    bounds: [f64; 2],
}

impl Sessions {
    /// Before the first bar.
    pub fn new(kind: Session) -> Self {
        Sessions { kind, bounds: [f64::NAN; 2] }
    }

    /// Takes the time of the next bar, which must not be `NaN`, and says whether it begins a session.
    #[inline]
    pub fn begins(&mut self, ts: f64) -> bool {
        if ts >= self.bounds[0] && ts < self.bounds[1] {
            return false;
        }
        self.bounds = self.kind.bounds(ts);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: f64 = 3600e6;

    /// Days since 1970 of known dates.
    const FIRSTS: [(i64, i64); 7] = [
        (0, 1970 * 12),
        (10_957, 2000 * 12),
        (11_017, 2000 * 12 + 2),
        (19_723, 2024 * 12),
        (19_783, 2024 * 12 + 2),
        (-719_528, 0),
        (47_541, 2100 * 12 + 2),
    ];

    #[test]
    fn months_of_known_dates() {
        for (day, months) in FIRSTS {
            // Counted from March instead of January.
            let index = months - 2;
            assert_eq!(month_index(day * DAY), index);
            assert_eq!(month_index(day * DAY - 1), index - 1);
            assert_eq!(month_start(index), day);
        }
    }

    #[test]
    fn month_starts_are_the_inverse() {
        for index in -5000..60_000 {
            let start = month_start(index);
            assert_eq!((month_index(start * DAY), month_index(start * DAY - 1)), (index, index - 1));
        }
    }

    #[test]
    fn sessions_begin_at_their_bounds() {
        // Friday, the first of March 2024, 21:00.
        let friday = 1_709_326_800e6;
        let starts = |kind| {
            let mut sessions = Sessions::new(kind);
            let hours = (0..24 * 40).filter(move |&i| sessions.begins(friday + i as f64 * HOUR));
            hours.collect::<Vec<_>>()
        };
        assert_eq!(starts(Session::Day)[..3], [0, 3, 27]);
        assert_eq!(starts(Session::Week)[..3], [0, 51, 51 + 7 * 24]);
        assert_eq!(starts(Session::Month), [0, 3 + 30 * 24]);
        let mut before_1970 = Sessions::new(Session::Day);
        assert!(before_1970.begins(-1.0) && !before_1970.begins(-HOUR) && before_1970.begins(0.0));
    }

    #[test]
    fn extreme_times_are_survived() {
        for kind in [Session::Day, Session::Week, Session::Month] {
            for ts in [f64::MAX, f64::MIN, 1e18, -1e18, 9.3e18, 5e-324] {
                assert!(Sessions::new(kind).begins(ts));
            }
        }
    }
}
