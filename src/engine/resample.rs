//! Longer bars from shorter ones.
//!
//! A bucket takes the open of its first bar, the highest high, the lowest low, the close of its last bar and the sum of
//! the volumes. Buckets without a bar are absent, and a bar missing inside a bucket changes nothing: exchanges stop for
//! maintenance, and markets close at night. The **last** bucket is given only if it is over, that is if the last bar
//! reaches its end; the bars to come would change it. The first bucket is always given: that a listing begins in the
//! middle of a day cannot be told from a file that begins there.

use threadx_kernels::series::fold;

use super::series::{Bars, BarsRef};
use super::timeframe::Timeframe;
use crate::error::{Error, Result};

/// Complete `to` bars out of `from` bars in strictly increasing time order.
///
/// # Errors
/// `from` does not divide `to`.
pub fn resample<'a>(bars: impl Into<BarsRef<'a>>, from: Timeframe, to: Timeframe) -> Result<Bars> {
    let bars = bars.into();
    if !from.divides(to) {
        return Err(Error::argument(format!("{to} bars cannot be made from {from} bars: {from} does not divide {to}")));
    }
    let (mut starts, mut row) = (Vec::new(), 0);
    while let Some(&ts) = bars.ts.get(row) {
        let end = to.next(ts);
        let rows = rows_before(&bars.ts[row..], end);
        let is_last = row + rows == bars.len();
        if is_last && from.bar_end(bars.ts[bars.len() - 1]) < end {
            break;
        }
        starts.push(row);
        row += rows;
    }
    let ts = starts.iter().map(|&start| to.bucket_start(bars.ts[start])).collect();
    let made = fold(bars.columns(), &starts, row);
    Ok(Bars { ts, open: made.open, high: made.high, low: made.low, close: made.close, volume: made.volume })
}

/// How many of the first rows open before `end`; at least one. Buckets are short beside a series, so the search widens from
/// the start instead of halving the whole.
fn rows_before(ts: &[i64], end: i64) -> usize {
    let mut reach = 1;
    while ts.get(reach).is_some_and(|t| *t < end) {
        reach *= 2;
    }
    let known = reach / 2 + 1;
    let rest = &ts[known.min(ts.len())..reach.min(ts.len())];
    (known + rest.partition_point(|t| *t < end)).clamp(1, ts.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::series::Bar;

    const HOUR: i64 = 3_600_000_000;

    fn hourly(hours: &[i64]) -> Bars {
        let bar = |&h: &i64| {
            let p = 100.0 + h as f64;
            Bar { ts: h * HOUR, open: p, high: p + 2.0, low: p - 2.0, close: p + 1.0, volume: 1.0 }
        };
        hours.iter().map(bar).collect()
    }

    #[test]
    fn gaps_are_kept_out_and_an_unfinished_last_bucket_is_not_given() {
        let out = resample(&hourly(&[2, 3, 5, 9, 11]), Timeframe::H1, Timeframe::H4).unwrap();
        assert_eq!(out.ts, [0, 4 * HOUR, 8 * HOUR]);
        assert_eq!(out.get(0), Bar { ts: 0, open: 102.0, high: 105.0, low: 100.0, close: 104.0, volume: 2.0 });
        assert_eq!(out.get(2), Bar { ts: 8 * HOUR, open: 109.0, high: 113.0, low: 107.0, close: 112.0, volume: 2.0 });
        let out = resample(&hourly(&[0, 1, 2, 3, 4, 6]), Timeframe::H1, Timeframe::H4).unwrap();
        assert_eq!(out.ts, [0]);
        assert!(resample(&hourly(&[]), Timeframe::H1, Timeframe::D1).unwrap().is_empty());
    }

    #[test]
    fn a_bucket_ends_where_the_next_begins_however_long_it_is() {
        for n in 1..70_i64 {
            let ts: Vec<i64> = (0..n).map(|i| 3 * i).collect();
            for end in 1..3 * n + 3 {
                let expected = ts.iter().filter(|t| **t < end).count();
                assert_eq!(rows_before(&ts, end), expected, "{n} rows, end {end}");
            }
        }
        // No time is before the first one, and a bucket has its first bar all the same.
        assert_eq!(rows_before(&[i64::MAX], i64::MAX), 1);
    }

    #[test]
    fn only_divisors() {
        let text = resample(&hourly(&[0]), Timeframe::M45, Timeframe::H1).unwrap_err().to_string();
        assert_eq!(text, "1h bars cannot be made from 45m bars: 45m does not divide 1h");
    }
}
