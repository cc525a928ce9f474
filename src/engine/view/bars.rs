//! Loads or makes other bars, and lines their values up with the bars that look at them.
//!
//! A bar sees another one from the moment at which the other has closed, and goes on seeing it until the next one has. So no
//! value depends on what came later, whichever of the two timeframes is longer.

use std::hash::Hasher;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, UInt32Array};
use datafusion::arrow::compute::take;
use siphasher::sip128::{Hasher128, SipHasher13};

use super::key::View;
use crate::engine::resample::resample;
use crate::engine::series::{Series, SeriesKey};
use crate::engine::store::Store;
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};

/// Where bars of other symbols come from.
#[derive(Debug, Clone)]
pub enum Others {
    /// The store.
    Store(Store),
    /// Nowhere: the bars that look stand for any others. For a strategy that is tried on made-up bars.
    MadeUp,
}

/// Other bars, as the bars of one series see them.
#[derive(Debug)]
pub struct SeenBars {
    series: Arc<Series>,
    /// For each bar that looks, the last other bar that has closed; NULL before the first.
    last_closed: UInt32Array,
}

impl SeenBars {
    /// The bars that `view` names, as `base` sees them.
    ///
    /// Longer bars of the series itself are made of its bars: buckets as in [`resample`], but the first is left out if the
    /// series begins in the middle of it. Bars of another series are those that `bars(symbol, timeframe)` gives.
    ///
    /// # Errors
    /// A timeframe that the bars do not divide; a series that is not in the store.
    pub fn open(base: &Series, view: &View, others: &Others) -> Result<Self> {
        let timeframe = view.timeframe.unwrap_or(base.timeframe());
        let (series, known) = match (&view.symbol, others) {
            (None, _) => {
                let series = longer(base, timeframe, others)?;
                let known = known_from(&series, Some(base));
                (series, known)
            }
            (Some(_), Others::MadeUp) => (Arc::new(base.clone()), known_from(base, None)),
            (Some(symbol), Others::Store(store)) => {
                let series = store.load(&SeriesKey { symbol: symbol.clone(), timeframe })?;
                let made_of = series.resampled_from();
                let source = made_of.map(|from| store.load(&SeriesKey { symbol: symbol.clone(), timeframe: from }));
                let known = known_from(&series, source.transpose()?.as_deref());
                (series, known)
            }
        };
        Ok(SeenBars { last_closed: last_closed(base, &known), series })
    }

    /// The other bars.
    pub fn series(&self) -> &Arc<Series> {
        &self.series
    }

    /// Hash of the other bars and of which of them each bar sees: equal content has an equal fingerprint everywhere.
    pub fn fingerprint(&self) -> u128 {
        let mut hasher = SipHasher13::new();
        hasher.write(&self.series.fingerprint().to_le_bytes());
        self.last_closed.iter().for_each(|last| hasher.write(&last.map_or(0, |last| last + 1).to_le_bytes()));
        hasher.finish128().as_u128()
    }

    /// Bytes beside those of the bars that look.
    pub fn bytes(&self) -> usize {
        self.series.batch().get_array_memory_size() + self.last_closed.len() * size_of::<u32>()
    }

    /// One value per bar that looks, out of one per other bar.
    ///
    /// # Errors
    /// A column of another length, which is a defect.
    pub fn align(&self, values: &ArrayRef) -> Result<ArrayRef> {
        if values.len() != self.series.len() {
            return Err(Error::Internal(format!("{} values for {} bars", values.len(), self.series.len())));
        }
        Ok(take(values, &self.last_closed, None)?)
    }
}

/// The series in longer bars.
fn longer(base: &Series, to: Timeframe, others: &Others) -> Result<Arc<Series>> {
    let from = base.timeframe();
    if from == to || (matches!(others, Others::MadeUp) && !from.divides(to)) {
        return Ok(Arc::new(base.clone()));
    }
    if !from.divides(to) {
        let reason = if to < from { "shorter than they are" } else { "no multiple of that" };
        return Err(Error::argument(format!(
            "at_timeframe('{to}', ...) makes {to} bars of the {from} bars of {}, and {to} is {reason}",
            base.symbol()
        )));
    }
    let bars = resample(base, from, to)?;
    let key = SeriesKey { symbol: base.symbol().clone(), timeframe: to };
    let starts = bars.ts.clone();
    let series = Series::try_new(key, bars.into_batch()?, Some(from))?;
    // What came before the first bar is not known, so that its bucket is not either.
    let is_cut = starts.first().zip(base.ts().first()).is_some_and(|(start, first)| start < first);
    Ok(Arc::new(if is_cut { series.between(starts.first().map(|start| start + 1), None) } else { series }))
}

/// The times from which on each bar is known: its end, or that of the last bar of `source` that it was made of, if that is
/// later, as with sessions that begin at half past an hour.
fn known_from(series: &Series, source: Option<&Series>) -> Vec<i64> {
    let timeframe = series.timeframe();
    let ends = series.ts().iter().map(|ts| timeframe.bar_end(*ts));
    let Some(source) = source.filter(|source| source.timeframe() != timeframe) else { return ends.collect() };
    let mut next = 0;
    let known = |end: i64| {
        next += source.ts()[next..].partition_point(|ts| *ts < end);
        let last = next.checked_sub(1).map(|last| source.timeframe().bar_end(source.ts()[last]));
        end.max(last.unwrap_or(end))
    };
    ends.map(known).collect()
}

/// For each bar, how many of the other bars are known when it closes, as the position of the last of them.
fn last_closed(base: &Series, known_from: &[i64]) -> UInt32Array {
    let mut known = 0;
    let seen = base.ts().iter().map(|ts| {
        let close = base.timeframe().bar_end(*ts);
        while known_from.get(known).is_some_and(|from| *from <= close) {
            known += 1;
        }
        known.checked_sub(1).map(|last| last as u32)
    });
    seen.collect()
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{Array, AsArray};
    use datafusion::arrow::datatypes::Float64Type;

    use super::*;
    use crate::engine::series::{Bar, Bars};

    const MINUTE: i64 = 60_000_000;
    const HOUR: i64 = 60 * MINUTE;

    /// Bars that open at these minutes, closing at a price of a thousand and the minute.
    fn series(timeframe: &str, minutes: &[i64]) -> Series {
        let bar = |&m: &i64| {
            let close = 1000.0 + m as f64;
            Bar { ts: m * MINUTE, open: close, high: close, low: close, close, volume: 1.0 }
        };
        let bars: Bars = minutes.iter().map(bar).collect();
        Series::try_new(SeriesKey::parse("X", timeframe).unwrap(), bars.into_batch().unwrap(), None).unwrap()
    }

    /// The close of the bar that each bar sees, less a thousand.
    fn seen(base: &Series, seen: &SeenBars) -> Vec<Option<f64>> {
        let aligned = seen.align(seen.series().batch().column(4)).unwrap();
        assert_eq!(aligned.len(), base.len());
        aligned.as_primitive::<Float64Type>().iter().map(|v| v.map(|v| v - 1000.0)).collect()
    }

    fn at_timeframe(base: &Series, name: &str) -> Result<SeenBars> {
        let timeframe = Some(Timeframe::parse(name).unwrap());
        SeenBars::open(base, &View { symbol: None, timeframe }, &Others::MadeUp)
    }

    #[test]
    fn a_longer_bar_is_seen_by_the_bar_that_ends_with_it() {
        let base = series("1h", &[0, 60, 120, 180, 240, 300, 360, 480, 540, 720]);
        let longer = at_timeframe(&base, "4h").unwrap();
        assert_eq!(longer.series().ts(), [0, 4 * HOUR, 8 * HOUR]);
        // The second bucket lacks its last hour, and so it is over only when the next bar has closed.
        let expected = [None, None, None, Some(180.0), Some(180.0), Some(180.0), Some(180.0)];
        let later = [Some(360.0), Some(360.0), Some(540.0)];
        assert_eq!(seen(&base, &longer), [&expected[..], &later].concat());
    }

    #[test]
    fn a_first_bucket_that_is_cut_is_left_out() {
        let base = series("1h", &[60, 120, 180, 240, 300, 360, 420]);
        let longer = at_timeframe(&base, "4h").unwrap();
        assert_eq!(longer.series().ts(), [4 * HOUR]);
        assert_eq!(seen(&base, &longer), [None, None, None, None, None, None, Some(420.0)]);
    }

    #[test]
    fn bars_off_the_grid_are_not_seen_before_they_have_closed() {
        // Hours from half past nine: the bucket from eight to twelve is over at half past twelve.
        let base = series("1h", &[480, 570, 630, 690, 750, 810]);
        let longer = at_timeframe(&base, "4h").unwrap();
        assert_eq!(known_from(longer.series(), Some(&base)), [750 * MINUTE]);
        let early = SeenBars { series: Arc::clone(longer.series()), last_closed: last_closed(&base, &[720 * MINUTE]) };
        assert!(early.last_closed == longer.last_closed && early.fingerprint() == longer.fingerprint());
        let late = SeenBars { series: Arc::clone(longer.series()), last_closed: last_closed(&base, &[751 * MINUTE]) };
        assert_ne!(late.fingerprint(), longer.fingerprint());
        assert_eq!(seen(&base, &longer), [None, None, None, Some(690.0), Some(690.0), Some(690.0)]);
    }

    #[test]
    fn bars_of_any_timeframe_are_seen_once_they_have_closed() {
        let base = series("1h", &[60, 120, 240, 300]);
        let index = |other: &Series| last_closed(&base, &known_from(other, None)).iter().collect::<Vec<_>>();
        // Closing at 75, 90, 120, 315 and 375 minutes.
        let quarters = series("15m", &[60, 75, 105, 300, 360]);
        assert_eq!(index(&quarters), [Some(2), Some(2), Some(2), Some(3)]);
        // Closing at 180 and 360 minutes, though they open with bars that end earlier.
        assert_eq!(index(&series("2h", &[60, 240])), [None, Some(0), Some(0), Some(1)]);
        assert_eq!(index(&series("1h", &[])), [None; 4]);
        assert_eq!(index(&base), [Some(0), Some(1), Some(2), Some(3)]);
    }

    #[test]
    fn what_a_bar_sees_does_not_depend_on_later_bars() {
        let minutes: Vec<i64> = (0..200).map(|i| 60 * (7 + i + i / 9)).collect();
        let whole = series("1h", &minutes);
        for name in ["1h", "2h", "4h", "1d"] {
            let all = seen(&whole, &at_timeframe(&whole, name).unwrap());
            for rows in 1..minutes.len() {
                let part = series("1h", &minutes[..rows]);
                assert_eq!(seen(&part, &at_timeframe(&part, name).unwrap()), all[..rows], "{name}, {rows} bars");
            }
        }
    }

    #[test]
    fn only_longer_bars_that_the_bars_divide() {
        let base = series("1h", &[0]);
        let others = Others::Store(Store::open(std::env::temp_dir().join("no bars here")).unwrap());
        let text = |name: &str| {
            let timeframe = Some(Timeframe::parse(name).unwrap());
            SeenBars::open(&base, &View { symbol: None, timeframe }, &others).unwrap_err().to_string()
        };
        assert_eq!(
            text("15m"),
            "at_timeframe('15m', ...) makes 15m bars of the 1h bars of X, and 15m is shorter than they are"
        );
        let base_45 = series("45m", &[0]);
        let view = View { symbol: None, timeframe: Some(Timeframe::H1) };
        let text = SeenBars::open(&base_45, &view, &others).unwrap_err().to_string();
        assert_eq!(text, "at_timeframe('1h', ...) makes 1h bars of the 45m bars of X, and 1h is no multiple of that");
    }
}
