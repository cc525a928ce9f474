//! Longer bars from shorter ones.
//!
//! A bucket takes the open of its first bar, the highest high, the lowest low, the close of its last bar and the sum of
//! the volumes. Buckets without a bar are absent, and a bar missing inside a bucket changes nothing: exchanges stop for
//! maintenance, and markets close at night. The **last** bucket is given only if it is over, that is if the last bar
//! reaches its end; the bars to come would change it. The first bucket is always given: that a listing begins in the
//! middle of a day cannot be told from a file that begins there.

use super::series::{Bar, Bars, BarsRef};
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
    let mut out = Bars::default();
    let mut bucket: Option<Bucket> = None;
    for i in 0..bars.len() {
        let bar = bars.get(i);
        match &mut bucket {
            Some(open) if bar.ts < open.end => open.add(&bar),
            _ => {
                out.extend(bucket.replace(Bucket::new(&bar, to)).map(|done| done.bar));
            }
        }
    }
    if let (Some(last), Some(&ts)) = (bucket, bars.ts.last())
        && from.bar_end(ts) >= last.end
    {
        out.push(last.bar);
    }
    Ok(out)
}

/// A bucket while it fills.
struct Bucket {
    bar: Bar,
    end: i64,
}

impl Bucket {
    fn new(first: &Bar, to: Timeframe) -> Self {
        Self { bar: Bar { ts: to.bucket_start(first.ts), ..*first }, end: to.next(first.ts) }
    }

    fn add(&mut self, bar: &Bar) {
        self.bar.high = self.bar.high.max(bar.high);
        self.bar.low = self.bar.low.min(bar.low);
        self.bar.close = bar.close;
        self.bar.volume += bar.volume;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn only_divisors() {
        let text = resample(&hourly(&[0]), Timeframe::M45, Timeframe::H1).unwrap_err().to_string();
        assert_eq!(text, "1h bars cannot be made from 45m bars: 45m does not divide 1h");
    }
}
