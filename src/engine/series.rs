//! One series of bars: the symbol, the timeframe, and its rows in time order.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, LazyLock, OnceLock};

use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array, RecordBatch, TimestampMicrosecondArray};
use datafusion::arrow::datatypes::{
    DataType, Field, Float64Type, Schema, SchemaRef, TimeUnit, TimestampMicrosecondType,
};

use threadx_kernels::series::{Columns, first_impossible, first_unordered};

use super::timeframe::{Timeframe, format_ts};
use crate::error::{Error, Result};

/// The zone of every `ts` column.
pub const UTC: &str = "UTC";

/// Most characters of a symbol.
const MAX_SYMBOL_LEN: usize = 64;

/// The type of a `ts` column: microseconds, UTC.
pub fn ts_type() -> DataType {
    DataType::Timestamp(TimeUnit::Microsecond, Some(UTC.into()))
}

/// Schema of one series: `ts, open, high, low, close, volume`, none of them NULL.
pub fn bars_schema() -> SchemaRef {
    static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
        let mut fields = vec![Field::new("ts", ts_type(), false)];
        fields.extend(["open", "high", "low", "close", "volume"].map(|n| Field::new(n, DataType::Float64, false)));
        Arc::new(Schema::new(fields))
    });
    Arc::clone(&SCHEMA)
}

/// A checked symbol: upper case, made of letters, digits and `. _ - : =`, so that it can be a file name anywhere in the
/// store and nowhere outside it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(Arc<str>);

impl Symbol {
    /// Checks a symbol and turns it to upper case.
    ///
    /// # Errors
    /// An empty or overlong symbol, or one with a character that is not allowed; the text says which.
    pub fn parse(text: &str) -> Result<Self> {
        let upper = text.trim().to_ascii_uppercase();
        let fault = if upper.is_empty() {
            "a symbol cannot be empty".to_string()
        } else if upper.len() > MAX_SYMBOL_LEN {
            format!("a symbol has at most {MAX_SYMBOL_LEN} characters, this one has {}", upper.chars().count())
        } else if let Some(bad) = upper.chars().find(|c| !(c.is_ascii_alphanumeric() || "._-:=".contains(*c))) {
            let instead: String = upper.chars().filter(|c| c.is_ascii_alphanumeric() || "._-:=".contains(*c)).collect();
            let hint = if Self::parse(&instead).is_ok() { format!("; write `{instead}`") } else { String::new() };
            format!("`{}` is not allowed in a symbol, only letters, digits and . _ - : ={hint}", bad.escape_default())
        } else if !upper.starts_with(|c: char| c.is_ascii_alphanumeric())
            || upper.ends_with('.')
            || upper.contains("..")
        {
            "a symbol begins with a letter or digit, does not end with a dot and has no two dots in a row".to_string()
        } else {
            return Ok(Self(upper.into()));
        };
        Err(Error::argument(format!("bad symbol `{}`: {fault}", text.trim().escape_debug())))
    }

    /// The symbol as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What names a series: a symbol and a timeframe.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesKey {
    /// The symbol.
    pub symbol: Symbol,
    /// The length of a bar.
    pub timeframe: Timeframe,
}

impl SeriesKey {
    /// Reads both parts.
    ///
    /// # Errors
    /// A bad symbol or an unknown timeframe.
    pub fn parse(symbol: &str, timeframe: &str) -> Result<Self> {
        Ok(Self { symbol: Symbol::parse(symbol)?, timeframe: Timeframe::parse(timeframe)? })
    }
}

impl fmt::Display for SeriesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.symbol, self.timeframe)
    }
}

/// One bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Open time, microseconds since 1970 UTC.
    pub ts: i64,
    /// First price.
    pub open: f64,
    /// Highest price.
    pub high: f64,
    /// Lowest price.
    pub low: f64,
    /// Last price.
    pub close: f64,
    /// Traded amount.
    pub volume: f64,
}

impl Bar {
    /// Whether two bars hold the same numbers, whatever their time.
    pub fn same_values(&self, other: &Bar) -> bool {
        let bits = |b: &Bar| [b.open, b.high, b.low, b.close, b.volume].map(|v| (v + 0.0).to_bits());
        bits(self) == bits(other)
    }

    /// The first thing that makes the numbers of a bar impossible.
    pub fn fault(&self) -> Option<BarFault> {
        let prices = [self.open, self.high, self.low, self.close];
        if prices.iter().chain([&self.volume]).any(|v| !v.is_finite()) {
            Some(BarFault::NotFinite)
        } else if prices.iter().any(|p| *p <= 0.0) {
            Some(BarFault::NonPositivePrice)
        } else if self.volume < 0.0 {
            Some(BarFault::NegativeVolume)
        } else if self.high < self.open.max(self.close).max(self.low) || self.low > self.open.min(self.close) {
            Some(BarFault::OhlcViolation)
        } else {
            None
        }
    }
}

/// Why the numbers of a bar cannot be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BarFault {
    /// A NaN or an infinity.
    NotFinite,
    /// A price of zero or less.
    NonPositivePrice,
    /// A volume below zero.
    NegativeVolume,
    /// `high` is not the highest or `low` not the lowest.
    OhlcViolation,
}

impl BarFault {
    /// The fault in words, with the numbers.
    pub fn describe(self, bar: &Bar) -> String {
        let Bar { open, high, low, close, volume, .. } = bar;
        match self {
            BarFault::NotFinite => {
                let names = [("open", open), ("high", high), ("low", low), ("close", close), ("volume", volume)];
                let (name, value) = names.into_iter().find(|(_, v)| !v.is_finite()).unwrap_or(("volume", volume));
                format!("{name} is {value}")
            }
            BarFault::NonPositivePrice => {
                let names = [("open", open), ("high", high), ("low", low), ("close", close)];
                let (name, value) = names.into_iter().find(|(_, v)| **v <= 0.0).unwrap_or(("open", open));
                format!("{name} is {value}, a price must be above 0")
            }
            BarFault::NegativeVolume => format!("volume is {volume}, it cannot be below 0"),
            BarFault::OhlcViolation => {
                format!("high and low do not enclose the bar: open {open}, high {high}, low {low}, close {close}")
            }
        }
    }
}

/// Bars in columns, while they are being read, merged or made. No order is promised.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bars {
    /// Open times, microseconds since 1970 UTC.
    pub ts: Vec<i64>,
    /// First prices.
    pub open: Vec<f64>,
    /// Highest prices.
    pub high: Vec<f64>,
    /// Lowest prices.
    pub low: Vec<f64>,
    /// Last prices.
    pub close: Vec<f64>,
    /// Traded amounts.
    pub volume: Vec<f64>,
}

impl Bars {
    /// Room for `n` bars.
    pub fn with_capacity(n: usize) -> Self {
        let column = || Vec::with_capacity(n);
        Self {
            ts: Vec::with_capacity(n),
            open: column(),
            high: column(),
            low: column(),
            close: column(),
            volume: column(),
        }
    }

    /// Number of bars.
    pub fn len(&self) -> usize {
        self.ts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ts.is_empty()
    }

    /// Adds one bar.
    pub fn push(&mut self, bar: Bar) {
        self.ts.push(bar.ts);
        self.open.push(bar.open);
        self.high.push(bar.high);
        self.low.push(bar.low);
        self.close.push(bar.close);
        self.volume.push(bar.volume);
    }

    /// The bar at `i`.
    pub fn get(&self, i: usize) -> Bar {
        BarsRef::from(self).get(i)
    }

    /// All bars in the order of the rows.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Bar> + '_ {
        (0..self.len()).map(|i| self.get(i))
    }

    /// Adds all bars of `other`.
    pub fn append(&mut self, other: &Bars) {
        self.ts.extend_from_slice(&other.ts);
        self.open.extend_from_slice(&other.open);
        self.high.extend_from_slice(&other.high);
        self.low.extend_from_slice(&other.low);
        self.close.extend_from_slice(&other.close);
        self.volume.extend_from_slice(&other.volume);
    }

    /// The rows in the given order.
    pub fn take(&self, order: &[usize]) -> Bars {
        order.iter().map(|&i| self.get(i)).collect()
    }

    /// Rows that are not later than the row before them.
    pub fn first_unordered(&self) -> Option<usize> {
        first_unordered(&self.ts)
    }

    /// The columns as one batch of [`bars_schema`].
    ///
    /// # Errors
    /// None that data can cause.
    pub fn into_batch(self) -> Result<RecordBatch> {
        let column = |values: Vec<f64>| -> ArrayRef { Arc::new(Float64Array::from(values)) };
        let ts: ArrayRef = Arc::new(TimestampMicrosecondArray::from(self.ts).with_timezone(UTC));
        let columns =
            vec![ts, column(self.open), column(self.high), column(self.low), column(self.close), column(self.volume)];
        Ok(RecordBatch::try_new(bars_schema(), columns)?)
    }

    /// The columns of a batch that has [`bars_schema`].
    ///
    /// # Errors
    /// A batch of another schema, which is a defect.
    pub fn from_batch(batch: &RecordBatch) -> Result<Self> {
        let column = |i: usize| floats(batch, i).map(<[f64]>::to_vec);
        Ok(Self {
            ts: times(batch)?.to_vec(),
            open: column(1)?,
            high: column(2)?,
            low: column(3)?,
            close: column(4)?,
            volume: column(5)?,
        })
    }
}

/// The columns of some bars, borrowed: what the numeric code of the engine takes.
#[derive(Debug, Clone, Copy)]
pub struct BarsRef<'a> {
    /// Open times, microseconds since 1970 UTC.
    pub ts: &'a [i64],
    /// First prices.
    pub open: &'a [f64],
    /// Highest prices.
    pub high: &'a [f64],
    /// Lowest prices.
    pub low: &'a [f64],
    /// Last prices.
    pub close: &'a [f64],
    /// Traded amounts.
    pub volume: &'a [f64],
}

impl<'a> BarsRef<'a> {
    /// The numbers without the times.
    pub fn columns(&self) -> Columns<'a> {
        let Self { open, high, low, close, volume, .. } = *self;
        Columns { open, high, low, close, volume }
    }

    /// Number of bars.
    pub fn len(&self) -> usize {
        self.ts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ts.is_empty()
    }

    /// The bar at `i`.
    pub fn get(&self, i: usize) -> Bar {
        Bar {
            ts: self.ts[i],
            open: self.open[i],
            high: self.high[i],
            low: self.low[i],
            close: self.close[i],
            volume: self.volume[i],
        }
    }
}

impl<'a> From<&'a Bars> for BarsRef<'a> {
    fn from(bars: &'a Bars) -> Self {
        let Bars { ts, open, high, low, close, volume } = bars;
        Self { ts, open, high, low, close, volume }
    }
}

impl<'a> From<&'a Series> for BarsRef<'a> {
    fn from(s: &'a Series) -> Self {
        Self { ts: s.ts(), open: s.open(), high: s.high(), low: s.low(), close: s.close(), volume: s.volume() }
    }
}

impl Extend<Bar> for Bars {
    fn extend<I: IntoIterator<Item = Bar>>(&mut self, bars: I) {
        bars.into_iter().for_each(|bar| self.push(bar));
    }
}

impl FromIterator<Bar> for Bars {
    fn from_iter<I: IntoIterator<Item = Bar>>(bars: I) -> Self {
        let bars = bars.into_iter();
        let mut out = Bars::with_capacity(bars.size_hint().0);
        out.extend(bars);
        out
    }
}

/// The times of a batch of [`bars_schema`].
pub(super) fn times(batch: &RecordBatch) -> Result<&[i64]> {
    let array = batch.columns().first().and_then(|a| a.as_primitive_opt::<TimestampMicrosecondType>());
    array.map(|a| &a.values()[..]).ok_or_else(|| Error::Internal("column ts is no timestamp in microseconds".into()))
}

fn floats(batch: &RecordBatch, column: usize) -> Result<&[f64]> {
    let array = batch.columns().get(column).and_then(|a| a.as_primitive_opt::<Float64Type>());
    array.map(|a| &a.values()[..]).ok_or_else(|| Error::Internal(format!("column {column} of a series is no DOUBLE")))
}

/// A loaded series: one contiguous batch in strictly increasing time order, every number finite and every bar possible.
#[derive(Debug, Clone)]
pub struct Series {
    key: SeriesKey,
    batch: RecordBatch,
    resampled_from: Option<Timeframe>,
    fingerprint: OnceLock<u128>,
}

impl Series {
    /// Takes a batch of [`bars_schema`] after checking all that a series promises.
    ///
    /// # Errors
    /// The first row out of order, with a duplicate time, or with impossible numbers.
    pub fn try_new(key: SeriesKey, batch: RecordBatch, resampled_from: Option<Timeframe>) -> Result<Self> {
        if batch.schema() != bars_schema() || batch.columns().iter().any(|c| c.null_count() > 0) {
            return Err(Error::Internal(format!("series {key} has a wrong schema: {}", batch.schema())));
        }
        let series = Self { key, batch, resampled_from, fingerprint: OnceLock::new() };
        if let Some(fault) = series.first_fault() {
            return Err(Error::Data { path: None, message: format!("series {}: {fault}", series.key) });
        }
        Ok(series)
    }

    fn first_fault(&self) -> Option<String> {
        let ts = self.ts();
        if let Some(i) = first_unordered(ts) {
            let what = if ts[i - 1] == ts[i] { "appears twice" } else { "is out of order" };
            return Some(format!("row {}: {} {what}", i + 1, format_ts(ts[i])));
        }
        let bars = BarsRef::from(self);
        let i = first_impossible(bars.columns())?;
        let bar = bars.get(i);
        let what = bar.fault().map_or_else(|| "it cannot be right".into(), |fault| fault.describe(&bar));
        Some(format!("row {} ({}): {what}", i + 1, format_ts(bar.ts)))
    }

    /// Symbol and timeframe.
    pub fn key(&self) -> &SeriesKey {
        &self.key
    }

    /// The symbol.
    pub fn symbol(&self) -> &Symbol {
        &self.key.symbol
    }

    /// The timeframe.
    pub fn timeframe(&self) -> Timeframe {
        self.key.timeframe
    }

    /// The stored timeframe that the bars were made from, where this one is not stored.
    pub fn resampled_from(&self) -> Option<Timeframe> {
        self.resampled_from
    }

    /// The rows as a batch of [`bars_schema`].
    pub fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// Number of bars.
    pub fn len(&self) -> usize {
        self.batch.num_rows()
    }

    /// Whether there are no bars.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Open times, microseconds since 1970 UTC, strictly increasing.
    pub fn ts(&self) -> &[i64] {
        times(&self.batch).unwrap_or_default()
    }

    /// First prices.
    pub fn open(&self) -> &[f64] {
        self.column(1)
    }

    /// Highest prices.
    pub fn high(&self) -> &[f64] {
        self.column(2)
    }

    /// Lowest prices.
    pub fn low(&self) -> &[f64] {
        self.column(3)
    }

    /// Last prices.
    pub fn close(&self) -> &[f64] {
        self.column(4)
    }

    /// Traded amounts.
    pub fn volume(&self) -> &[f64] {
        self.column(5)
    }

    /// The bar at row `i`.
    pub fn bar(&self, i: usize) -> Bar {
        BarsRef::from(self).get(i)
    }

    fn column(&self, i: usize) -> &[f64] {
        floats(&self.batch, i).unwrap_or_default()
    }

    /// Rows whose bar opens in `[since, until)`.
    pub fn rows_between(&self, since: Option<i64>, until: Option<i64>) -> Range<usize> {
        let ts = self.ts();
        let first = since.map_or(0, |since| ts.partition_point(|&t| t < since));
        let end = until.map_or(ts.len(), |until| ts.partition_point(|&t| t < until));
        first..end.max(first)
    }

    /// The bars that open in `[since, until)`; copies nothing.
    pub fn between(&self, since: Option<i64>, until: Option<i64>) -> Series {
        self.part(self.rows_between(since, until))
    }

    /// The bars that are over at `time`; copies nothing.
    pub fn over_by(&self, time: i64) -> Series {
        self.part(0..self.ts().partition_point(|&ts| self.timeframe().bar_end(ts) <= time))
    }

    /// The bars of some rows; copies nothing.
    pub fn part(&self, rows: Range<usize>) -> Series {
        Series {
            key: self.key.clone(),
            batch: self.batch.slice(rows.start, rows.len()),
            resampled_from: self.resampled_from,
            fingerprint: OnceLock::new(),
        }
    }

    /// Hash of the timeframe and of the bits of all times and numbers, not of the symbol: equal content has an equal
    /// fingerprint in every process and on every machine. Computed once, at the first call.
    pub fn fingerprint(&self) -> u128 {
        *self.fingerprint.get_or_init(|| super::fingerprint::fingerprint(self))
    }
}

/// Hash of the content of a series. Zeros of both signs are the same number and hash alike.
pub(crate) fn fingerprint(ts: &[i64], columns: [&[f64]; 5]) -> u64 {
    let mut hash = mix(0x7468_7265_6164_7821 ^ ts.len() as u64);
    ts.iter().for_each(|t| hash = mix(hash ^ *t as u64));
    for column in columns {
        column.iter().for_each(|v| hash = mix(hash ^ (v + 0.0).to_bits()));
    }
    hash
}

/// The finaliser of SplitMix64, a bijection that spreads every input bit over the word.
pub(crate) fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(closes: &[f64]) -> Bars {
        let bar = |(i, &c): (usize, &f64)| Bar { ts: i as i64, open: c, high: c, low: c, close: c, volume: 0.0 };
        closes.iter().enumerate().map(bar).collect()
    }

    fn series(bars: Bars) -> Result<Series> {
        Series::try_new(SeriesKey::parse("x", "1m")?, bars.into_batch()?, None)
    }

    #[test]
    fn symbols_are_upper_case_and_stay_in_the_store() {
        for good in ["btcusdt", "BRK.B", "ES=F", "BTC-USD", "UNITTEST_BTC", "BINANCE:BTCUSDT", "6EH4"] {
            assert_eq!(Symbol::parse(good).unwrap().as_str(), good.to_uppercase());
        }
        let long = "A".repeat(65);
        for bad in
            ["", " ", "..", ".", "../X", "A/B", "A\\B", "A..B", ".A", "-A", "A.", "A\0", "Ä", "A B", "^GSPC", &long]
        {
            assert!(Symbol::parse(bad).is_err(), "{bad:?}");
        }
        let text = Symbol::parse("BTC/USDT").unwrap_err().to_string();
        assert!(text.contains("`/` is not allowed") && text.contains("write `BTCUSDT`"), "{text}");
    }

    #[test]
    fn a_series_refuses_disorder_and_impossible_bars() {
        assert!(series(bars(&[1.0, 2.0])).is_ok());
        assert!(series(bars(&[])).unwrap().is_empty());
        let text = |bars| series(bars).unwrap_err().to_string();
        assert!(text(bars(&[1.0, f64::NAN])).contains("row 2"));
        assert!(text(bars(&[0.0])).contains("open is 0, a price must be above 0"));
        let mut twice = bars(&[1.0, 1.0]);
        twice.ts[1] = 0;
        assert!(text(twice).contains("appears twice"));
        let mut high = bars(&[1.0]);
        high.high[0] = 0.5;
        assert!(text(high).contains("do not enclose"));
    }

    #[test]
    fn between_is_half_open_and_the_fingerprint_follows_the_content() {
        let all = series(bars(&[1.0, 2.0, 3.0, 4.0])).unwrap();
        let part = all.between(Some(1), Some(3));
        assert_eq!((part.ts(), part.close()), (&[1, 2][..], &[2.0, 3.0][..]));
        assert_eq!(all.between(Some(3), Some(1)).len(), 0);
        assert_ne!(part.fingerprint(), all.fingerprint());
        assert_eq!(all.fingerprint(), series(bars(&[1.0, 2.0, 3.0, 4.0])).unwrap().fingerprint());
        // Pinned: a changed hash would orphan everything that is keyed by it.
        let one = bars(&[1.0]);
        let columns = [&one.open[..], &one.high, &one.low, &one.close, &one.volume];
        assert_eq!(fingerprint(&one.ts, columns), 16_781_673_488_222_681_110);
        assert_eq!(series(one).unwrap().fingerprint(), 114_490_669_408_711_652_280_963_812_413_317_623_220);
    }
}
