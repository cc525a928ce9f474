//! What a caller may say about the files to import.

use std::path::PathBuf;

use datafusion::arrow::array::timezone::Tz;

use crate::engine::series::Symbol;
use crate::engine::timeframe::{Timeframe, days_from_civil};
use crate::error::{Error, Result};

/// What happens at a row that cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnError {
    /// Nothing is imported, and the error names the row and the reason.
    #[default]
    Fail,
    /// The row is left out and counted by reason.
    Skip,
}

/// Which of two numbers in a date such as `3/4/2023` is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// `31/12/2023`.
    DayFirst,
    /// `12/31/2023`.
    MonthFirst,
}

/// What the time of a bar means in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stamps {
    /// The time at which the bar opens; kept as it is.
    #[default]
    Open,
    /// The time at which the bar closes, or the last instant inside it; moved to the start of its bucket.
    Close,
}

/// Files, and what to do with them. Everything but the files has a default that asks the file.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The files: CSV, JSON, Parquet or Arrow, plain, `.gz` or `.zip`.
    pub files: Vec<PathBuf>,
    /// The symbol; else a column of the file, else the name of the file where it leaves no doubt.
    pub symbol: Option<String>,
    /// The timeframe; else the name of the file, else the most common step between bars.
    pub timeframe: Option<Timeframe>,
    /// What happens at a bad row.
    pub on_error: OnError,
    /// A CSV file that receives the skipped rows with their reasons.
    pub rejects: Option<PathBuf>,
    /// Names of the columns in order, for files without a header: `ts,open,high,low,close,volume`; `-` for a column that
    /// is not wanted.
    pub columns: Option<Vec<String>>,
    /// Order of day and month, for files that do not tell.
    pub date_order: Option<DateOrder>,
    /// Time zone of times that name none, such as `America/New_York`; UTC if absent.
    pub timezone: Option<String>,
    /// Whether bars are stamped at their open or their close.
    pub stamps: Stamps,
    /// Prices are divided by this: 10000 for equities of QuantConnect Lean.
    pub scale: Option<f64>,
    /// The day, `YYYY-MM-DD`, for files whose times are milliseconds since midnight.
    pub date: Option<String>,
}

impl ImportOptions {
    /// Options for the given files, all else told by the files.
    pub fn new(files: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        Self { files: files.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// Checks the options without looking at the files.
    ///
    /// # Errors
    /// The first option that cannot be right.
    pub fn check(&self) -> Result<()> {
        self.checked().map(drop)
    }

    /// The options with every text read and checked.
    pub(super) fn checked(&self) -> Result<Checked> {
        let zone = match self.timezone.as_deref() {
            None => None,
            Some(name) => Some(name.parse::<Tz>().map_err(|_| {
                Error::argument(format!(
                    "unknown time zone `{name}`; write one like `America/New_York`, `UTC` or `+02:00`"
                ))
            })?),
        };
        let day = match self.date.as_deref() {
            None => None,
            Some(text) => Some(
                day_number(text)
                    .ok_or_else(|| Error::argument(format!("`{text}` is not a date; write it like `2013-10-07`")))?,
            ),
        };
        if let Some(scale) = self.scale
            && !(scale.is_finite() && scale > 0.0)
        {
            return Err(Error::argument(format!("the scale must be a number above 0, got {scale}")));
        }
        if self.rejects.is_some() && self.on_error == OnError::Fail {
            return Err(Error::argument(
                "a file for rejected rows needs `--on-error skip`: without it the first bad row stops the import",
            ));
        }
        Ok(Checked {
            symbol: self.symbol.as_deref().map(Symbol::parse).transpose()?,
            timeframe: self.timeframe,
            on_error: self.on_error,
            columns: self.columns.clone(),
            date_order: self.date_order,
            zone,
            day,
            stamps: self.stamps,
            scale: self.scale,
            keep_rejects: self.rejects.is_some(),
            from_query: false,
        })
    }
}

/// Options after checking.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    pub(super) symbol: Option<Symbol>,
    pub(super) timeframe: Option<Timeframe>,
    pub(super) on_error: OnError,
    pub(super) columns: Option<Vec<String>>,
    pub(super) date_order: Option<DateOrder>,
    pub(super) zone: Option<Tz>,
    pub(super) day: Option<i64>,
    pub(super) stamps: Stamps,
    pub(super) scale: Option<f64>,
    pub(super) keep_rejects: bool,
    /// The rows come from a query: every column must have its value, and bad rows cannot be left out.
    pub(super) from_query: bool,
}

/// The day number of `YYYY-MM-DD`.
pub(super) fn day_number(text: &str) -> Option<i64> {
    let date = chrono::NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?;
    use chrono::Datelike;
    Some(days_from_civil(date.year().into(), date.month().into(), date.day().into()))
}
