//! How good stored bars are: one check per kind of fault.

use super::series::{Bar, BarFault, BarsRef};
use super::timeframe::Timeframe;

/// Robust deviations from the median at which a return is an outlier.
pub const OUTLIER_RETURN_DEVIATIONS: f64 = 10.0;
/// Times the median at which the range of a bar, `ln(high / low)`, is an outlier.
pub const OUTLIER_RANGE_TIMES: f64 = 50.0;
/// The median absolute deviation of a normal distribution times this is its standard deviation.
const MAD_TO_STDDEV: f64 = 1.482_602_218_505_602;

/// The result of one check.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// Name, such as `gaps`.
    pub name: &'static str,
    /// How often the fault occurs.
    pub count: u64,
    /// Open time of the first occurrence, microseconds since 1970 UTC.
    pub first_ts: Option<i64>,
    /// `count` as a fraction of what was looked at: rows, or steps between bars for gaps, or bars that should be there for
    /// missing ones.
    pub share: f64,
    /// `1 - share`: 1 is faultless.
    pub score: f64,
    /// The rule in words.
    pub rule: &'static str,
}

/// A place where bars are absent on a grid that never closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Open time of the last bar before it.
    pub prev_ts: i64,
    /// Open time of the first bar after it.
    pub next_ts: i64,
    /// Bars that are absent.
    pub missing_bars: u64,
}

/// Gaps between times in strictly increasing order. The grid runs around the clock, so nights and weekends of a market
/// that closes are gaps too.
pub fn gaps(ts: &[i64], timeframe: Timeframe) -> Vec<Gap> {
    let missing = |prev: i64, next: i64| -> u64 {
        match timeframe {
            Timeframe::Month1 => {
                let (mut at, end, mut n) = (timeframe.next(prev), timeframe.bucket_start(next), 0);
                while at < end {
                    (at, n) = (timeframe.next(at), n + 1);
                }
                n
            }
            fixed => ((next - prev - 1) / fixed.duration_us()).max(0) as u64,
        }
    };
    ts.windows(2)
        .map(|w| Gap { prev_ts: w[0], next_ts: w[1], missing_bars: missing(w[0], w[1]) })
        .filter(|gap| gap.missing_bars > 0)
        .collect()
}

/// Looks at bars as they are stored, in the order of the rows; they may be unsorted and wrong.
pub fn assess<'a>(bars: impl Into<BarsRef<'a>>, timeframe: Timeframe) -> Vec<Check> {
    let bars = bars.into();
    let mut times = bars.ts.to_vec();
    times.sort_unstable();
    let before_dedup = times.len();
    times.dedup();
    let gaps = gaps(&times, timeframe);
    let missing: u64 = gaps.iter().map(|g| g.missing_bars).sum();
    let repeated = (before_dedup - times.len()) as u64;
    let steps = times.len().saturating_sub(1) as u64;
    let first_gap = gaps.first().map(|g| g.prev_ts);
    let mut checks = vec![
        check(
            "gaps",
            gaps.len() as u64,
            first_gap,
            steps,
            "places where the next bar is later than the timeframe says, around the clock; the bar before the first one",
        ),
        check(
            "missing_bars",
            missing,
            first_gap.map(|ts| timeframe.bar_end(ts)),
            times.len() as u64 + missing,
            "bars absent in those gaps; the first absent one",
        ),
        check(
            "duplicates",
            repeated,
            first_repeat(bars.ts),
            bars.len() as u64,
            "rows whose time another row before them has",
        ),
    ];
    let mut latest = i64::MIN;
    checks.push(rows(bars, "unsorted", "rows that come after a row with a later time", |bar| {
        let late = bar.ts < latest;
        latest = latest.max(bar.ts);
        late
    }));
    checks.push(rows(
        bars,
        "off_grid",
        "rows that do not open at the start of a bucket of the timeframe, UTC",
        |bar| timeframe.bucket_start(bar.ts) != bar.ts,
    ));
    checks.push(rows(bars, "not_finite", "rows with a NaN or an infinity", |bar| {
        bar.fault() == Some(BarFault::NotFinite)
    }));
    checks.push(rows(
        bars,
        "ohlc_violations",
        "rows whose high is not the highest or whose low is not the lowest price",
        |bar| bar.high < bar.open.max(bar.close).max(bar.low) || bar.low > bar.open.min(bar.close),
    ));
    checks.push(rows(bars, "non_positive_prices", "rows with a price of zero or less", |bar| {
        [bar.open, bar.high, bar.low, bar.close].iter().any(|p| *p <= 0.0)
    }));
    checks.push(rows(bars, "negative_volume", "rows with a volume below zero", |bar| bar.volume < 0.0));
    checks.push(rows(bars, "zero_volume", "rows with a volume of zero", |bar| bar.volume == 0.0));
    checks.push(outlier_returns(bars));
    checks.push(outlier_ranges(bars));
    checks
}

fn check(name: &'static str, count: u64, first_ts: Option<i64>, of: u64, rule: &'static str) -> Check {
    let share = if of == 0 { 0.0 } else { count as f64 / of as f64 };
    Check { name, count, first_ts: first_ts.filter(|_| count > 0), share, score: 1.0 - share, rule }
}

/// A check of every row on its own.
fn rows(bars: BarsRef<'_>, name: &'static str, rule: &'static str, mut is_fault: impl FnMut(&Bar) -> bool) -> Check {
    let (mut count, mut first) = (0, None);
    for i in 0..bars.len() {
        let bar = bars.get(i);
        if is_fault(&bar) {
            count += 1;
            first.get_or_insert(bar.ts);
        }
    }
    check(name, count, first, bars.len() as u64, rule)
}

/// The time of the first row that repeats one, in the order of the rows.
fn first_repeat(ts: &[i64]) -> Option<i64> {
    let mut seen = std::collections::HashSet::with_capacity(ts.len());
    ts.iter().copied().find(|t| !seen.insert(*t))
}

fn outlier_returns(bars: BarsRef<'_>) -> Check {
    const RULE: &str = "log returns from close to close further from their median than 10 robust deviations (1.4826 times the \
                        median absolute deviation, or the standard deviation where that is 0)";
    let mut order: Vec<usize> = (0..bars.len()).filter(|&i| bars.close[i] > 0.0 && bars.close[i].is_finite()).collect();
    order.sort_by_key(|&i| bars.ts[i]);
    let returns: Vec<(i64, f64)> =
        order.windows(2).map(|w| (bars.ts[w[1]], (bars.close[w[1]] / bars.close[w[0]]).ln())).collect();
    let middle = median(returns.iter().map(|r| r.1).collect());
    let mut deviation = MAD_TO_STDDEV * median(returns.iter().map(|r| (r.1 - middle).abs()).collect());
    if deviation == 0.0 && !returns.is_empty() {
        let squares: f64 = returns.iter().map(|r| (r.1 - middle).powi(2)).sum();
        deviation = (squares / returns.len() as f64).sqrt();
    }
    let outliers: Vec<i64> =
        returns.iter().filter(|r| (r.1 - middle).abs() > OUTLIER_RETURN_DEVIATIONS * deviation).map(|r| r.0).collect();
    check("outlier_returns", outliers.len() as u64, outliers.first().copied(), returns.len() as u64, RULE)
}

fn outlier_ranges(bars: BarsRef<'_>) -> Check {
    const RULE: &str = "rows whose range, ln(high / low), is more than 50 times the median of the ranges above 0";
    let range = |bar: &Bar| if bar.low > 0.0 && bar.high.is_finite() { (bar.high / bar.low).ln() } else { 0.0 };
    let ranges: Vec<f64> = (0..bars.len()).map(|i| range(&bars.get(i))).filter(|r| *r > 0.0).collect();
    let limit = OUTLIER_RANGE_TIMES * median(ranges);
    rows(bars, "outlier_ranges", RULE, |bar| limit > 0.0 && range(bar) > limit)
}

/// The median, or 0 of nothing.
fn median(mut values: Vec<f64>) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    let is_even = values.len().is_multiple_of(2);
    let (below, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let upper = *upper;
    match below.iter().copied().max_by(f64::total_cmp) {
        Some(lower) if is_even => (lower + upper) / 2.0,
        _ => upper,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::series::Bars;

    const HOUR: i64 = 3_600_000_000;

    fn bars(rows: &[(i64, f64)]) -> Bars {
        rows.iter().map(|&(h, p)| Bar { ts: h * HOUR, open: p, high: p, low: p, close: p, volume: 1.0 }).collect()
    }

    fn counts(bars: &Bars) -> std::collections::BTreeMap<&'static str, (u64, Option<i64>)> {
        assess(bars, Timeframe::H1).into_iter().map(|c| (c.name, (c.count, c.first_ts.map(|t| t / HOUR)))).collect()
    }

    #[test]
    fn each_fault_is_counted_where_it_first_occurs() {
        let mut data = bars(&[(0, 1.0), (1, 1.0), (1, 1.0), (5, 1.0), (4, 1.0), (6, -1.0)]);
        data.volume[3] = 0.0;
        data.ts[5] += 1;
        let found = counts(&data);
        assert_eq!(found["gaps"], (2, Some(1)));
        assert_eq!(found["missing_bars"], (3, Some(2)));
        assert_eq!(found["duplicates"], (1, Some(1)));
        assert_eq!(found["unsorted"], (1, Some(4)));
        assert_eq!(found["off_grid"], (1, Some(6)));
        assert_eq!(found["non_positive_prices"], (1, Some(6)));
        assert_eq!(found["zero_volume"], (1, Some(5)));
        assert_eq!(found["ohlc_violations"].0, 0);
        assert!(assess(&Bars::default(), Timeframe::D1).iter().all(|c| c.count == 0 && c.score == 1.0));
    }

    #[test]
    fn outliers_stand_out_of_the_usual_noise() {
        let mut data: Bars = (0..200)
            .map(|h| Bar {
                ts: h * HOUR,
                open: 100.0,
                high: 101.0,
                low: 99.0,
                close: 100.0 + ((h * h * 7 + h * 3) % 13) as f64 / 100.0,
                volume: 1.0,
            })
            .collect();
        data.close[100] = 150.0;
        data.high[150] = 10_000.0;
        let found = counts(&data);
        assert_eq!(found["outlier_returns"], (2, Some(100)));
        assert_eq!(found["outlier_ranges"], (1, Some(150)));
    }

    #[test]
    fn medians() {
        assert_eq!([median(vec![]), median(vec![3.0, 1.0, 2.0]), median(vec![4.0, 1.0, 2.0, 3.0])], [0.0, 2.0, 2.5]);
    }

    #[test]
    fn months_are_counted_by_the_calendar() {
        let day = |d: i64| d * 24 * HOUR;
        let ts = [day(0), day(31), day(31 + 28 + 31)];
        let found = gaps(&ts, Timeframe::Month1);
        assert_eq!(found, [Gap { prev_ts: day(31), next_ts: day(90), missing_bars: 1 }]);
    }
}
