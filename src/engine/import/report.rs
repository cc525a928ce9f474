//! What an import did, for people and for programs.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use crate::engine::series::{BarFault, SeriesKey};
use crate::engine::timeframe::format_ts;

/// Why a row was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The time cannot be read.
    BadTime,
    /// A cell is empty or NULL.
    MissingValue,
    /// A cell is not a number.
    NotANumber,
    /// A cell is NaN or infinite.
    NotFinite,
    /// The row has more or fewer fields than the others.
    WrongFieldCount,
    /// The file ends in the middle of the row.
    Truncated,
    /// The text is no UTF-8.
    Unreadable,
    /// `high` is not the highest or `low` not the lowest.
    OhlcViolation,
    /// A price of zero or less.
    NonPositivePrice,
    /// A volume below zero.
    NegativeVolume,
    /// Another row has the same time and other numbers.
    ConflictingDuplicate,
    /// The time does not lie on the grid of the timeframe.
    OffGrid,
    /// The row belongs to a stretch of bars with another step.
    MixedInterval,
    /// The symbol or timeframe in the row is not a valid one.
    BadKey,
}

impl Reason {
    /// The name, such as `ohlc_violation`.
    pub fn name(self) -> &'static str {
        match self {
            Self::BadTime => "bad_time",
            Self::MissingValue => "missing_value",
            Self::NotANumber => "not_a_number",
            Self::NotFinite => "not_finite",
            Self::WrongFieldCount => "wrong_field_count",
            Self::Truncated => "truncated",
            Self::Unreadable => "unreadable",
            Self::OhlcViolation => "ohlc_violation",
            Self::NonPositivePrice => "non_positive_price",
            Self::NegativeVolume => "negative_volume",
            Self::ConflictingDuplicate => "conflicting_duplicate",
            Self::OffGrid => "off_grid",
            Self::MixedInterval => "mixed_interval",
            Self::BadKey => "bad_key",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl From<BarFault> for Reason {
    fn from(fault: BarFault) -> Self {
        match fault {
            BarFault::NotFinite => Self::NotFinite,
            BarFault::NonPositivePrice => Self::NonPositivePrice,
            BarFault::NegativeVolume => Self::NegativeVolume,
            BarFault::OhlcViolation => Self::OhlcViolation,
        }
    }
}

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejected {
    /// The file.
    pub file: String,
    /// What the number counts: `line` or `row`.
    pub row_word: &'static str,
    /// Line of a text file, else the number of the row; from 1.
    pub row: u64,
    /// Why.
    pub reason: Reason,
    /// Why, in words and with the values.
    pub detail: String,
    /// The cells of the row.
    pub raw: Vec<String>,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.row_word, self.row, self.detail)
    }
}

/// What became of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesReport {
    /// Symbol and timeframe.
    pub key: SeriesKey,
    /// The files it came from.
    pub files: Vec<String>,
    /// Rows in the files.
    pub rows_read: u64,
    /// Bars that the store did not have.
    pub inserted: u64,
    /// Bars that the store had with other numbers.
    pub replaced: u64,
    /// Bars that the store already had.
    pub unchanged: u64,
    /// Rows left out, by reason.
    pub skipped: BTreeMap<Reason, u64>,
    /// Repetitions of equal rows, left out.
    pub duplicates: u64,
    /// Rows that came after a later one, and were put in order.
    pub unsorted: u64,
    /// Open times of the first and last bar of the files, microseconds since 1970 UTC.
    pub span: Option<(i64, i64)>,
    /// Things worth telling.
    pub notes: Vec<String>,
}

impl SeriesReport {
    /// Rows left out for a reason.
    pub fn rejected(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// Adds what another file gave to the same series.
    pub(super) fn add(&mut self, other: SeriesReport) {
        self.files.extend(other.files);
        self.rows_read += other.rows_read;
        other.skipped.into_iter().for_each(|(reason, n)| *self.skipped.entry(reason).or_default() += n);
        self.duplicates += other.duplicates;
        self.unsorted += other.unsorted;
        self.span = match (self.span, other.span) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        other.notes.into_iter().for_each(|note| {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        });
    }
}

impl fmt::Display for SeriesReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, rows_read, inserted, replaced, unchanged, .. } = self;
        write!(f, "{key}: {rows_read} rows read, {inserted} inserted, {replaced} replaced, {unchanged} unchanged")?;
        if self.rejected() > 0 {
            write!(f, ", {} skipped", self.rejected())?;
        }
        if let Some((first, last)) = self.span {
            write!(f, "; {} to {}", format_ts(first), format_ts(last))?;
        }
        for (reason, n) in &self.skipped {
            write!(f, "\n  skipped {n}: {reason}")?;
        }
        if self.duplicates > 0 {
            write!(f, "\n  {} repeated rows dropped", self.duplicates)?;
        }
        if self.unsorted > 0 {
            write!(f, "\n  {} rows were out of order and have been sorted", self.unsorted)?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "\n  note: {note}"))
    }
}

/// What an import did, one entry per series.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImportReport {
    /// One entry per series, by symbol and timeframe.
    pub series: Vec<SeriesReport>,
    /// The file of rejected rows, if one was written.
    pub rejects: Option<PathBuf>,
}

impl ImportReport {
    /// Rows in all files.
    pub fn rows_read(&self) -> u64 {
        self.series.iter().map(|s| s.rows_read).sum()
    }

    /// Bars that the store did not have.
    pub fn inserted(&self) -> u64 {
        self.series.iter().map(|s| s.inserted).sum()
    }

    /// Bars that the store had with other numbers.
    pub fn replaced(&self) -> u64 {
        self.series.iter().map(|s| s.replaced).sum()
    }

    /// Bars that the store already had.
    pub fn unchanged(&self) -> u64 {
        self.series.iter().map(|s| s.unchanged).sum()
    }

    /// Rows left out for a reason.
    pub fn rejected(&self) -> u64 {
        self.series.iter().map(SeriesReport::rejected).sum()
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, series) in self.series.iter().enumerate() {
            write!(f, "{}{series}", if i > 0 { "\n" } else { "" })?;
        }
        match &self.rejects {
            Some(path) => write!(f, "\nskipped rows are in {}", path.display()),
            None => Ok(()),
        }
    }
}
