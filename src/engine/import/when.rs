//! Times as text and numbers: notation is settled over the whole column, then each cell is read.

use chrono::{NaiveDateTime, TimeZone};
use datafusion::arrow::array::timezone::Tz;

use super::options::DateOrder;
use super::table::Cell;
use crate::engine::timeframe::{DAY_US, civil_from_days, days_from_civil, format_ts};

const SECOND_US: i64 = 1_000_000;
/// Times outside these years are mistakes, not history.
const FIRST_YEAR: i64 = 1800;
const LAST_YEAR: i64 = 2200;

/// How the times of one column are read.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    order: DateOrder,
    /// Whole numbers are dates such as 20230601, 202306011530 or 20230601153000.
    compact: bool,
    /// The day to which numbers add milliseconds since midnight.
    day: Option<i64>,
    zone: Option<Tz>,
}

/// What the cells of a column say about its notation.
#[derive(Debug, Default)]
pub(super) struct TimeEvidence {
    day_first: Option<String>,
    month_first: Option<String>,
    either: Option<String>,
    dotted: bool,
    numbers: u64,
    compact: u64,
    in_one_day: u64,
}

impl TimeEvidence {
    /// Looks at one cell.
    pub(super) fn see(&mut self, cell: Cell<'_>) {
        match cell {
            Cell::Int(value) => self.see_number(&value.to_string()),
            Cell::Float(value) => self.see_number(&value.to_string()),
            Cell::Text(text) if is_number(text) => self.see_number(text),
            Cell::Text(text) => {
                if let Some(Date::YearLast { first, second, dotted, .. }) =
                    split(text).and_then(|(date, _)| read_date(date))
                {
                    self.dotted |= dotted;
                    let slot = match (first > 12, second > 12) {
                        (true, false) => &mut self.day_first,
                        (false, true) => &mut self.month_first,
                        _ => &mut self.either,
                    };
                    slot.get_or_insert_with(|| text.to_string());
                }
            }
            Cell::Missing | Cell::Time(_) | Cell::Naive(_) => {}
        }
    }

    fn see_number(&mut self, text: &str) {
        self.numbers += 1;
        self.compact += u64::from(compact_date(text).is_some());
        self.in_one_day += u64::from(text.parse::<f64>().is_ok_and(|v| (0.0..86_400_000.0).contains(&v)));
    }

    /// The notation of the column.
    ///
    /// # Errors
    /// A notation that the cells do not settle; the text says what settles it.
    pub(super) fn decide(&self, order: Option<DateOrder>, day: Option<i64>, zone: Option<Tz>) -> Result<Clock, String> {
        let compact = self.numbers > 0 && self.compact == self.numbers;
        if self.numbers > 0 && self.in_one_day == self.numbers && !compact && day.is_none() {
            return Err("the times are numbers below 86400000, such as milliseconds since midnight, which lack the day; give it \
                        with `--date 2013-10-07`"
                .to_string());
        }
        let order = match (&self.day_first, &self.month_first, order) {
            (Some(d), Some(m), _) => {
                return Err(format!("`{d}` has the day before the month and `{m}` the month before the day"));
            }
            (Some(d), None, Some(DateOrder::MonthFirst)) => return Err(format!("`{d}` cannot have the month first")),
            (None, Some(m), Some(DateOrder::DayFirst)) => return Err(format!("`{m}` cannot have the day first")),
            (Some(_), None, _) => DateOrder::DayFirst,
            (None, Some(_), _) => DateOrder::MonthFirst,
            (None, None, Some(order)) => order,
            (None, None, None) => match &self.either {
                Some(text) if !self.dotted => {
                    return Err(format!(
                        "`{text}` may have the day or the month first, and no date of the file tells which; say it with \
                         `--date-order day-first` or `--date-order month-first`"
                    ));
                }
                // 31.12.2017 is written with dots only where the day comes first.
                _ => DateOrder::DayFirst,
            },
        };
        Ok(Clock { order, compact, day, zone })
    }
}

impl Clock {
    /// Microseconds since 1970 UTC; the text of the error says what is wrong with the cell.
    pub(super) fn parse(&self, cell: Cell<'_>) -> Result<i64, String> {
        let ts = match cell {
            Cell::Missing => return Err("the time is missing".into()),
            Cell::Time(ts) => ts,
            Cell::Naive(ts) => self.to_utc(ts)?,
            Cell::Int(value) => self.number(&value.to_string())?,
            Cell::Float(value) => self.number(&value.to_string())?,
            Cell::Text(text) if is_number(text) => self.number(text)?,
            Cell::Text(text) => self.text(text)?,
        };
        let (year, _, _) = civil_from_days(ts.div_euclid(DAY_US));
        if (FIRST_YEAR..LAST_YEAR).contains(&year) {
            Ok(ts)
        } else {
            Err(format!("`{}` would be {}, outside the years {FIRST_YEAR} to {LAST_YEAR}", cell.show(), format_ts(ts)))
        }
    }

    fn number(&self, text: &str) -> Result<i64, String> {
        let bad = || format!("`{text}` is not a time");
        if let Some(day) = self.day {
            let ms: f64 = text.parse().map_err(|_| bad())?;
            if !(0.0..86_400_000.0).contains(&ms) {
                return Err(format!("`{text}` is not a number of milliseconds since midnight"));
            }
            return self.to_utc(day * DAY_US + (ms * 1000.0).round() as i64);
        }
        if self.compact {
            return self.to_utc(compact_date(text).ok_or_else(bad)?);
        }
        epoch(text).ok_or_else(bad)
    }

    fn text(&self, text: &str) -> Result<i64, String> {
        let bad = || format!("`{}` is not a time", text.chars().take(40).collect::<String>());
        let (date, time) = split(text).ok_or_else(bad)?;
        let days = match read_date(date).ok_or_else(bad)? {
            Date::Full { year, month, day } => days_of(year, month, day),
            Date::YearLast { first, second, year, .. } => match self.order {
                DateOrder::DayFirst => days_of(year, second, first),
                DateOrder::MonthFirst => days_of(year, first, second),
            },
        };
        let days = days.ok_or_else(|| format!("`{text}` is not a date of the calendar"))?;
        let Clocked { in_day, offset } = read_time(time).ok_or_else(bad)?;
        let local = days * DAY_US + in_day;
        match offset {
            Some(offset) => Ok(local - offset),
            None => self.to_utc(local),
        }
    }

    /// A naive time as UTC.
    fn to_utc(&self, local: i64) -> Result<i64, String> {
        let Some(zone) = self.zone else { return Ok(local) };
        let naive: Option<NaiveDateTime> = chrono::DateTime::from_timestamp_micros(local).map(|t| t.naive_utc());
        let resolved = naive.map(|naive| zone.from_local_datetime(&naive));
        match resolved.and_then(|r| r.single()) {
            Some(time) => Ok(time.timestamp_micros()),
            None => Err(format!("{} does not exist or exists twice where clocks change", format_ts(local))),
        }
    }
}

/// A time in a day, and the offset from UTC if one is written.
struct Clocked {
    in_day: i64,
    offset: Option<i64>,
}

/// A date as far as its text tells.
enum Date {
    Full { year: i64, month: i64, day: i64 },
    YearLast { first: i64, second: i64, year: i64, dotted: bool },
}

fn is_number(text: &str) -> bool {
    let digits = text.trim_start_matches('-');
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    all(whole) && all(fraction)
}

/// An epoch in seconds, milliseconds, microseconds or nanoseconds, told by its magnitude.
fn epoch(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let value: i64 = whole.parse().ok()?;
    let unit_us = match value.unsigned_abs() {
        0..100_000_000_000 => 1_000_000.0,
        100_000_000_000..100_000_000_000_000 => 1_000.0,
        100_000_000_000_000..100_000_000_000_000_000 => return Some(value),
        _ => return Some(value.div_euclid(1000)),
    };
    let part = if fraction.is_empty() { 0.0 } else { format!("0.{fraction}").parse::<f64>().ok()? };
    let part = (part * unit_us).round() as i64;
    value.checked_mul(unit_us as i64)?.checked_add(if text.starts_with('-') { -part } else { part })
}

/// `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS` of a plausible year.
fn compact_date(text: &str) -> Option<i64> {
    let text = text.strip_suffix(".0").unwrap_or(text);
    if !matches!(text.len(), 8 | 12 | 14) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let at = |from: usize, to: usize| text.get(from..to).map_or(Some(0), |s| s.parse::<i64>().ok());
    let (year, month, day) = (at(0, 4)?, at(4, 6)?, at(6, 8)?);
    let (hour, minute, second) = (at(8, 10)?, at(10, 12)?, at(12, 14)?);
    if !(1900..=2100).contains(&year) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(days_of(year, month, day)? * DAY_US + (hour * 3600 + minute * 60 + second) * SECOND_US)
}

/// The day number of a date, if the calendar has it.
fn days_of(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || !(1..=9999).contains(&year) {
        return None;
    }
    let days = days_from_civil(year, month, day);
    (civil_from_days(days) == (year, month, day)).then_some(days)
}

/// Date and time of a text.
fn split(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    if let Some(colon) = text.find(':') {
        let hour = text[..colon].rfind(|c: char| !c.is_ascii_digit()).map(|i| i + 1)?;
        let date = text.get(..hour)?.trim_end_matches([' ', 'T', 't', ',', '\u{a0}']);
        return Some((date, &text[hour..]));
    }
    let compact = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    match text.split_once([' ', 'T']) {
        Some((date, time)) if compact(date) && date.len() == 8 => Some((date, time)),
        _ => Some((text.strip_suffix(['Z', 'z']).unwrap_or(text), "")),
    }
}

fn read_date(text: &str) -> Option<Date> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        let at = |from, to| text.get(from..to)?.parse::<i64>().ok();
        return Some(Date::Full { year: at(0, 4)?, month: at(4, 6)?, day: at(6, 8)? });
    }
    if text.contains(|c: char| c.is_ascii_alphabetic()) {
        return read_named_month(text);
    }
    let separator = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '-' | '/' | '.'))?;
    let parts: Vec<&str> = text.split(separator).collect();
    let [a, b, c] = parts[..] else { return None };
    let number = |s: &str| (!s.is_empty() && s.bytes().all(|b| b.is_ascii_digit())).then(|| s.parse::<i64>().ok())?;
    let (x, y, z) = (number(a)?, number(b)?, number(c)?);
    match (a.len(), b.len(), c.len()) {
        (4, 1..=2, 1..=2) => Some(Date::Full { year: x, month: y, day: z }),
        (1..=2, 1..=2, 4) => Some(Date::YearLast { first: x, second: y, year: z, dotted: separator == '.' }),
        (1..=2, 1..=2, 2) => {
            let year = if z < 70 { 2000 + z } else { 1900 + z };
            Some(Date::YearLast { first: x, second: y, year, dotted: separator == '.' })
        }
        _ => None,
    }
}

/// `3 Jan 2017`, `Jan 3, 2017`, `2017-Jan-03`, with or without the day of the week.
fn read_named_month(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut month = None;
    let mut numbers = Vec::new();
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()) {
        let start = word.get(..3).map(str::to_ascii_lowercase).unwrap_or_default();
        if let Ok(number) = word.parse::<i64>() {
            numbers.push((word.len(), number));
        } else if let Some(index) = MONTHS.iter().position(|m| *m == start) {
            if month.replace(index as i64 + 1).is_some() {
                return None;
            }
        } else if !DAYS.contains(&start.as_str()) {
            return None;
        }
    }
    match numbers[..] {
        [(4, year), (1..=2, day)] | [(1..=2, day), (4, year)] => Some(Date::Full { year, month: month?, day }),
        _ => None,
    }
}

/// `15:30`, `15:30:00.123`, `3:30 PM`, `153000`, `153000123`, each with an offset or without.
fn read_time(text: &str) -> Option<Clocked> {
    if text.is_empty() {
        return Some(Clocked { in_day: 0, offset: None });
    }
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.' | ','))).unwrap_or(text.len());
    let (clock, rest) = text.split_at(end);
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, ""));
    let two = |s: &str| (matches!(s.len(), 1 | 2)).then(|| s.parse::<i64>().ok())?;
    let (mut hour, minute, second, fraction) = if clock.contains(':') {
        let mut parts = clock.split(':');
        let (hour, minute) = (two(parts.next()?)?, two(parts.next()?)?);
        let second = parts.next().map_or(Some(0), two)?;
        if parts.next().is_some() {
            return None;
        }
        (hour, minute, second, fraction)
    } else {
        let at = |from: usize, to: usize| clock.get(from..to).map_or(Some(0), |s| s.parse::<i64>().ok());
        if !matches!(clock.len(), 4 | 6 | 9) {
            return None;
        }
        (at(0, 2)?, at(2, 4)?, at(4, 6)?, clock.get(6..).filter(|f| !f.is_empty()).unwrap_or(fraction))
    };
    let mut rest = rest.trim();
    let upper = rest.to_ascii_uppercase();
    if upper.starts_with("AM") || upper.starts_with("PM") {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if upper.starts_with('P') { 12 } else { 0 };
        rest = rest[2..].trim();
    }
    if hour > 23 || minute > 59 || second > 59 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let micros: i64 = digits.parse().ok()?;
    let in_day = (hour * 3600 + minute * 60 + second) * SECOND_US + micros;
    Some(Clocked { in_day, offset: read_offset(rest)? })
}

/// `Z`, `UTC`, `GMT`, `+02:00`, `-0500`, `GMT+0100` or nothing; the outer option tells whether it can be read.
fn read_offset(text: &str) -> Option<Option<i64>> {
    if text.is_empty() {
        return Some(None);
    }
    let upper = text.to_ascii_uppercase();
    let rest = ["UTC", "GMT", "Z"].iter().find_map(|zone| upper.strip_prefix(zone)).unwrap_or(&upper).trim();
    if rest.is_empty() {
        return Some(Some(0));
    }
    let sign = match rest.as_bytes()[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = rest[1..].chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i64>().ok()?, 0),
        4 => (digits[..2].parse().ok()?, digits[2..].parse::<i64>().ok()?),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some(Some(sign * (hours * 3600 + minutes * 60) * SECOND_US))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(texts: &[&str], zone: Option<&str>) -> Result<Vec<String>, String> {
        let mut evidence = TimeEvidence::default();
        texts.iter().for_each(|t| evidence.see(Cell::text(t)));
        let clock = evidence.decide(None, None, zone.map(|z| z.parse().unwrap()))?;
        texts.iter().map(|t| clock.parse(Cell::text(t)).map(format_ts)).collect()
    }

    fn read(text: &str) -> String {
        read_all(&[text], None).map(|mut all| all.remove(0)).unwrap_or_else(|e| format!("! {e}"))
    }

    #[test]
    fn one_time_in_many_notations() {
        for text in [
            "1685615400",
            "1685615400.0",
            "1685615400000",
            "1685615400000000",
            "1685615400000000000",
            "2023-06-01 10:30:00",
            "2023-06-01T10:30",
            "2023-06-01T10:30:00Z",
            "2023-06-01T12:30:00+02:00",
            "2023-06-01 16:00:00.000000+0530",
            "2023/6/1 10:30",
            "2023.06.01 10:30",
            "20230601 10:30",
            "20230601 103000",
            "20230601 103000000",
            "20230601T103000",
            "202306011030",
            "20230601103000",
            "01.06.2023 10:30:00.000",
            "01.06.2023 11:30:00.000 GMT+0100",
            "1 Jun 2023 10:30",
            "Thu, 01 Jun 2023 10:30:00 GMT",
            "Jun 1, 2023, 10:30 AM",
            "2023-06-01 10:30:00 UTC",
        ] {
            assert_eq!(read(text), "2023-06-01 10:30:00", "{text}");
        }
        assert_eq!(read("2023-06-01"), "2023-06-01 00:00:00");
        assert_eq!(read("20230601"), "2023-06-01 00:00:00");
        assert_eq!(read("2023-06-01 12:05 AM"), "2023-06-01 00:05:00");
        assert_eq!(read("1685615400137"), "2023-06-01 10:30:00.137");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "abc",
            "2023-02-29",
            "2023-13-01 00:00",
            "2023-06-01 24:00",
            "2023-06-01 10:60",
            "2023-06-01 10:30 EST",
            "2023-06-01 10:30:00+25:00",
            "99999999999",
            "2023-06",
            "10:30",
            "2023-06-01 10:30:00:00",
            "--",
            "2023-06-01x",
        ] {
            assert!(read(text).starts_with('!'), "{text}: {}", read(text));
        }
    }

    #[test]
    fn day_and_month_are_told_by_the_whole_column() {
        let month_first = read_all(&["1/3/2017", "1/18/2017"], None).unwrap();
        assert_eq!(month_first, ["2017-01-03 00:00:00", "2017-01-18 00:00:00"]);
        let day_first = read_all(&["1/3/2017", "18/1/2017"], None).unwrap();
        assert_eq!(day_first[0], "2017-03-01 00:00:00");
        assert!(read_all(&["1/3/2017", "2/3/2017"], None).unwrap_err().contains("--date-order"));
        assert!(read_all(&["1/18/2017", "18/1/2017"], None).unwrap_err().contains("day before the month"));
        assert_eq!(read("01.02.2017 00:00"), "2017-02-01 00:00:00");
    }

    #[test]
    fn milliseconds_since_midnight_need_a_day() {
        let mut evidence = TimeEvidence::default();
        ["14400000", "14460000"].iter().for_each(|t| evidence.see(Cell::text(t)));
        assert!(evidence.decide(None, None, None).unwrap_err().contains("--date"));
        let clock = evidence.decide(None, Some(15_985), Some("America/New_York".parse().unwrap())).unwrap();
        assert_eq!(format_ts(clock.parse(Cell::text("14400000")).unwrap()), "2013-10-07 08:00:00");
    }

    #[test]
    fn naive_times_of_a_zone_follow_its_clocks() {
        let times = read_all(&["2021-03-12 09:30", "2021-03-15 09:30"], Some("America/New_York")).unwrap();
        assert_eq!(times, ["2021-03-12 14:30:00", "2021-03-15 13:30:00"]);
        assert!(read_all(&["2021-03-14 02:30"], Some("America/New_York")).is_err());
        assert!(read_all(&["2021-11-07 01:30"], Some("America/New_York")).is_err());
    }
}
