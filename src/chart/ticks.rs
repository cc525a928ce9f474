//! Where an axis has its ticks, and what they say.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike};

use super::model::Scale;

/// A tick: its place on the axis and its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// The value that it marks.
    pub at: f64,
    /// Its text.
    pub text: String,
}

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The distances of time ticks below a month, in microseconds.
const STEPS: &[i64] = &[
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
];

/// The distances of time ticks from a month on, in months.
const MONTHS: &[i64] = &[1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];

/// Distance of two time ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Micros(i64),
    Months(i64),
}

/// At most so many ticks between two values, ends included.
pub fn ticks(scale: Scale, range: (f64, f64), most: usize) -> Vec<Tick> {
    match scale {
        Scale::Time => times(range, most),
        Scale::Number | Scale::Name => numbers(range, most),
    }
}

/// Ticks at multiples of 1, 2 or 5 times a power of ten.
pub fn numbers((low, high): (f64, f64), most: usize) -> Vec<Tick> {
    let width = high - low;
    if !width.is_finite() || width <= 0.0 {
        return if low.is_finite() { vec![Tick { at: low, text: number(low, low.abs() / 100.0) }] } else { vec![] };
    }
    let mut power = 10f64.powf((width / most.max(1) as f64).log10().floor());
    loop {
        for factor in [1.0, 2.0, 5.0] {
            let step = factor * power;
            let (first, last) = ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
            let count = last - first + 1.0;
            if count <= most as f64 {
                // A power that underflows to nothing gives no places at all.
                let places = (0..count.max(0.0) as usize).map(|n| (first + n as f64) * step);
                return places.map(|at| Tick { at, text: number(at, step) }).collect();
            }
        }
        power *= 10.0;
    }
}

/// A number with the decimals that tell it from another one at this distance: `12500`, `0.05`, `1.5M`, `2e-9`.
pub fn number(value: f64, step: f64) -> String {
    const MOST_DECIMALS: i32 = 8;
    let size = value.abs().max(step.abs());
    if value == 0.0 || value.abs() < step.abs() * 1e-6 {
        return "0".into();
    }
    let decimals = if step > 0.0 { -(step * 1.000_001).log10().floor() as i32 } else { 2 };
    if !(1e-9..1e15).contains(&size) || decimals > MOST_DECIMALS {
        let digits = if step > 0.0 { (value.abs() / step).log10().ceil().clamp(0.0, 15.0) as usize } else { 2 };
        return trimmed(&format!("{value:.digits$e}"));
    }
    for (unit, suffix) in [(1e12, "T"), (1e9, "G"), (1e6, "M")] {
        if size >= unit && step >= unit / 1000.0 {
            let decimals = (decimals + (unit.log10() as i32)).max(0) as usize;
            return format!("{:.decimals$}{suffix}", value / unit);
        }
    }
    format!("{value:.*}", decimals.max(0) as usize)
}

/// `1.50e9` as `1.5e9`.
fn trimmed(text: &str) -> String {
    match text.split_once('e') {
        Some((mantissa, exponent)) if mantissa.contains('.') => {
            format!("{}e{exponent}", mantissa.trim_end_matches('0').trim_end_matches('.'))
        }
        _ => text.to_string(),
    }
}

/// A number on its own, with about five digits.
pub fn value(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let step = if value == 0.0 { 1.0 } else { 10f64.powf((value.abs().log10().floor() - 4.0).min(0.0)) };
    let text = number(value, step);
    let is_plain = text.contains('.') && text.ends_with(|c: char| c.is_ascii_digit()) && !text.contains('e');
    if is_plain { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}

/// Numbers that stand beside each other: whole, or all with the decimals that give the largest so many digits; nothing
/// for NaN.
pub fn alike(values: &[f64], digits: i32) -> Vec<String> {
    let size =
        values.iter().copied().filter(|value| value.is_finite()).fold(0.0, |size: f64, value| size.max(value.abs()));
    let are_whole = values.iter().all(|value| !value.is_finite() || value.fract() == 0.0);
    let step = if are_whole { 1.0 } else { 10f64.powi(size.log10().floor() as i32 + 1 - digits).min(1.0) };
    let text = |at: f64| {
        let text = number(at, step);
        // What is not zero is never shown as zero.
        let is_zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
        if is_zero && at != 0.0 { value(at) } else { text }
    };
    values.iter().map(|at| if at.is_finite() { text(*at) } else { String::new() }).collect()
}

/// Ticks at whole seconds, minutes, hours, days, months or years.
pub fn times(range: (f64, f64), most: usize) -> Vec<Tick> {
    let Some((places, step, ends)) = time_places(range, most) else { return vec![] };
    places.into_iter().map(|at| Tick { at: at as f64, text: text_at(at, step, ends) }).collect()
}

/// The same for bars that stand side by side, whatever lies between them: the position of the first bar at or behind each
/// tick, and its own time. `ts` must be in order.
pub fn bar_times(ts: &[f64], most: usize) -> Vec<(usize, String)> {
    let (Some(first), Some(last)) = (ts.first(), ts.last()) else { return vec![] };
    let Some((places, step, ends)) = time_places((*first, *last), most) else { return vec![] };
    let mut found: Vec<(usize, String)> = vec![];
    for place in places {
        let bar = ts.partition_point(|at| *at < place as f64);
        if bar < ts.len() && found.last().is_none_or(|(last, _)| *last < bar) {
            found.push((bar, text_at(ts[bar] as i64, step, ends)));
        }
    }
    found
}

/// The places of time ticks, their distance, and the two ends.
fn time_places((low, high): (f64, f64), most: usize) -> Option<(Vec<i64>, Step, (i64, i64))> {
    /// Far beyond what has a date, and small enough to be added up.
    const LIMIT: f64 = 4e18;
    if !(low.is_finite() && high.is_finite()) || high < low {
        return None;
    }
    let (low, high) = (low.clamp(-LIMIT, LIMIT) as i64, high.clamp(-LIMIT, LIMIT) as i64);
    let steps = STEPS.iter().map(|step| Step::Micros(*step)).chain(MONTHS.iter().map(|months| Step::Months(*months)));
    for step in steps {
        let size = match step {
            Step::Micros(micros) => micros,
            Step::Months(months) => months * 31 * DAY,
        };
        // A step far too small would give millions of ticks before they are counted.
        if (high - low) / size > most as i64 + 2 {
            continue;
        }
        let found = places(low, high, step);
        if found.len() <= most.max(1) {
            return Some((found, step, (low, high)));
        }
    }
    None
}

/// The multiples of the step between two times.
fn places(low: i64, high: i64, step: Step) -> Vec<i64> {
    match step {
        Step::Micros(micros) => {
            // Weeks begin on Mondays; 1970-01-01 was a Thursday.
            let shift = if micros % (7 * DAY) == 0 { 4 * DAY } else { 0 };
            let first = (low - shift).div_euclid(micros) * micros + shift;
            let first = if first < low { first + micros } else { first };
            (0..).map(|n| first + n * micros).take_while(|at| *at <= high).collect()
        }
        Step::Months(months) => {
            let Some(time) = time(low) else { return vec![] };
            let month = i64::from(time.year()) * 12 + i64::from(time.month0());
            let first = month.div_euclid(months) * months;
            let at = |month: i64| {
                let date = NaiveDate::from_ymd_opt((month.div_euclid(12)) as i32, month.rem_euclid(12) as u32 + 1, 1)?;
                Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros())
            };
            (0..).map_while(|n| at(first + n * months)).take_while(|at| *at <= high).filter(|at| *at >= low).collect()
        }
    }
}

/// A time with the parts that change from tick to tick.
fn text_at(at: i64, step: Step, (low, high): (i64, i64)) -> String {
    let Some(time) = time(at) else { return String::new() };
    let is_one_day = low.div_euclid(DAY) == high.div_euclid(DAY);
    let format = match step {
        Step::Months(months) if months % 12 == 0 => "%Y",
        Step::Months(_) => "%Y-%m",
        Step::Micros(micros) if micros >= DAY => "%Y-%m-%d",
        Step::Micros(micros) if micros < SECOND => "%H:%M:%S%.6f",
        Step::Micros(micros) if micros < MINUTE => "%H:%M:%S",
        Step::Micros(_) if is_one_day => "%H:%M",
        Step::Micros(_) => "%m-%d %H:%M",
    };
    time.format(format).to_string()
}

/// A time as it stands alone: without the parts that are zero.
pub fn moment(at: f64) -> String {
    let Some(time) = at.is_finite().then(|| time(at as i64)).flatten() else { return String::new() };
    let format = match (time.num_seconds_from_midnight(), time.second(), time.nanosecond()) {
        (0, _, 0) => "%Y-%m-%d",
        (_, 0, 0) => "%Y-%m-%d %H:%M",
        (_, _, 0) => "%Y-%m-%d %H:%M:%S",
        _ => "%Y-%m-%d %H:%M:%S%.6f",
    };
    time.format(format).to_string()
}

/// A value on its own.
pub fn lone(scale: Scale, at: f64) -> String {
    if scale == Scale::Time { moment(at) } else { value(at) }
}

/// The day that all times lie in, where ticks alone would not tell it.
pub fn day((low, high): (f64, f64)) -> Option<String> {
    let (low, high) = (time(low as i64)?.date(), time(high as i64)?.date());
    (low == high).then(|| low.to_string())
}

fn time(micros: i64) -> Option<NaiveDateTime> {
    DateTime::from_timestamp_micros(micros).map(|time| time.naive_utc())
}

/// The range widened to `share` more at each end, and to some width at all if it has none.
pub fn widened((low, high): (f64, f64), share: f64) -> (f64, f64) {
    if low == high {
        let room = if low == 0.0 { 1.0 } else { low.abs() * 0.05 };
        return (low - room, high + room);
    }
    let room = (high - low) * share;
    (low - room, high + room)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.text.as_str()).collect()
    }

    fn micros(text: &str) -> f64 {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap().and_utc().timestamp_micros() as f64
    }

    #[test]
    fn numbers_stand_at_round_places() {
        assert_eq!(texts(&numbers((0.0, 100.0), 6)), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(texts(&numbers((-0.31, 0.07), 5)), ["-0.3", "-0.2", "-0.1", "0"]);
        assert_eq!(texts(&numbers((9_800.0, 10_300.0), 4)), ["9800", "10000", "10200"]);
        assert_eq!(texts(&numbers((0.0, 2.4e6), 4)), ["0", "1M", "2M"]);
        assert_eq!(texts(&numbers((1.0e6, 1.4e6), 3)), ["1.0M", "1.2M", "1.4M"]);
        assert_eq!(texts(&numbers((0.0, 4e-10), 3)), ["0", "2e-10", "4e-10"]);
        assert_eq!(texts(&numbers((5.0, 5.0), 3)), ["5.00"]);
        assert_eq!(texts(&numbers((0.0, f64::MAX), 2)).len(), 2);
        assert!(numbers((f64::NAN, 1.0), 3).is_empty());
    }

    #[test]
    fn no_more_ticks_than_asked_for() {
        for most in 1..12 {
            for (low, high) in [(0.0, 1.0), (-3.7, 12.9), (1e-12, 3e-12), (99.5, 100.5), (-1e9, 1e12)] {
                let count = numbers((low, high), most).len();
                assert!(count <= most, "{low}..{high}: {count} > {most}");
            }
            let count = times((micros("2020-01-31 10:00:00"), micros("2021-03-05 00:00:00")), most).len();
            assert!((1..=most).contains(&count), "{count} of {most}");
        }
    }

    #[test]
    fn times_stand_at_whole_units() {
        let between = |a, b, most| times((micros(a), micros(b)), most);
        let some = between("2020-01-01 00:00:00", "2020-01-01 12:00:00", 5);
        assert_eq!(texts(&some), ["00:00", "03:00", "06:00", "09:00", "12:00"]);
        let some = between("2020-01-01 18:00:00", "2020-01-02 07:00:00", 3);
        assert_eq!(texts(&some), ["01-01 18:00", "01-02 00:00", "01-02 06:00"]);
        let some = between("2020-01-15 00:00:00", "2020-07-20 00:00:00", 4);
        assert_eq!(texts(&some), ["2020-03", "2020-05", "2020-07"]);
        let some = between("2011-05-01 00:00:00", "2024-01-01 00:00:00", 7);
        assert_eq!(texts(&some), ["2012", "2014", "2016", "2018", "2020", "2022", "2024"]);
        let some = between("2020-01-01 00:00:00", "2020-01-15 00:00:00", 3);
        assert_eq!(texts(&some), ["2020-01-06", "2020-01-13"]);
    }

    #[test]
    fn bars_have_their_own_times() {
        // A Friday and the Monday and Tuesday behind it: the tick on Saturday stands at Monday.
        let ts = [micros("2024-01-05 00:00:00"), micros("2024-01-08 00:00:00"), micros("2024-01-09 00:00:00")];
        let found: Vec<(usize, String)> = bar_times(&ts, 5);
        let found: Vec<(usize, &str)> = found.iter().map(|(bar, text)| (*bar, text.as_str())).collect();
        assert_eq!(found, [(0, "2024-01-05"), (1, "2024-01-08"), (2, "2024-01-09")]);
        assert!(bar_times(&[], 3).is_empty());
        assert!(times((-9e18, 9e18), 5).is_empty());
    }

    #[test]
    fn values_and_moments_stand_alone() {
        assert_eq!([value(0.0), value(1.25), value(-12_345.678), value(0.000_12)], ["0", "1.25", "-12346", "0.00012"]);
        assert_eq!(alike(&[1.23456, -0.5, f64::NAN, 0.0], 3), ["1.23", "-0.50", "", "0"]);
        assert_eq!(alike(&[1.5, 0.000_12, 5e-324], 3), ["1.50", "0.00012", "4.94e-324"]);
        assert_eq!(alike(&[12_345.6, 7.0], 3), ["12346", "7"]);
        assert_eq!(alike(&[7.0, f64::NAN, -12.0], 4), ["7", "", "-12"]);
        assert_eq!(moment(micros("2020-01-02 00:00:00")), "2020-01-02");
        assert_eq!(moment(micros("2020-01-02 03:04:00")), "2020-01-02 03:04");
        assert_eq!(moment(f64::NAN), "");
        assert_eq!(widened((3.0, 3.0), 0.1), (2.85, 3.15));
    }
}
