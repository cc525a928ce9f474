//! Cells in rows, whatever they were read from.

use datafusion::arrow::array::RecordBatch;

use super::columns::Layout;
use crate::engine::timeframe::Timeframe;
use crate::error::Result;

/// One value as the file has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    /// Nothing: an empty field, a NULL.
    Missing,
    /// Text, not yet understood.
    Text(&'a str),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A time in microseconds UTC, from a column that says so.
    Time(i64),
    /// A time in microseconds from a column that names no zone.
    Naive(i64),
}

impl<'a> Cell<'a> {
    /// Text as a cell; empty text is missing.
    pub(super) fn text(text: &'a str) -> Self {
        let text = text.trim();
        if text.is_empty() { Cell::Missing } else { Cell::Text(text) }
    }

    /// The cell as it is shown in an error.
    pub(super) fn show(&self) -> String {
        match self {
            Cell::Missing => String::new(),
            Cell::Text(text) => text.chars().take(60).collect(),
            Cell::Int(value) => value.to_string(),
            Cell::Float(value) => value.to_string(),
            Cell::Time(ts) | Cell::Naive(ts) => crate::engine::timeframe::format_ts(*ts),
        }
    }
}

/// One row, and where it stands in the file.
pub(super) struct Row<'a> {
    /// Line of a text file, else the number of the row; from 1.
    pub(super) number: u64,
    /// Its cells; their number may differ from the width of the table.
    pub(super) cells: &'a [Cell<'a>],
    /// The row is the last one and its line has no end.
    pub(super) unterminated: bool,
    /// Why the row cannot be read at all.
    pub(super) broken: Option<&'a str>,
}

/// What a file is a table of.
#[derive(Debug)]
pub(super) struct Table {
    /// Names of the columns, if the file has them.
    pub(super) header: Option<Vec<String>>,
    /// Number of columns.
    pub(super) width: usize,
    /// What a row is called in errors.
    pub(super) row_word: &'static str,
    /// The rows.
    pub(super) rows: Rows,
    /// What the file says about itself besides its rows.
    pub(super) hints: Hints,
}

/// Facts that a file states outside its rows.
#[derive(Debug, Default)]
pub(super) struct Hints {
    /// Symbol.
    pub(super) symbol: Option<String>,
    /// Timeframe.
    pub(super) timeframe: Option<Timeframe>,
    /// Order of the columns.
    pub(super) layout: Option<Layout>,
    /// Rows with an epoch above this are not finished (Kraken's `last`).
    pub(super) last_finished: Option<i64>,
    /// Column that is 0 while a bar is not finished (OKX's `confirm`).
    pub(super) confirm: Option<usize>,
    /// Things worth telling.
    pub(super) notes: Vec<String>,
}

/// Where the rows are.
#[derive(Debug)]
pub(super) enum Rows {
    /// Delimited text, read anew at every pass.
    Text(super::text::TextRows),
    /// Rows of a JSON array.
    Owned(Vec<Vec<OwnedCell>>),
    /// Columns of an Arrow or Parquet file.
    Batches(Vec<RecordBatch>),
}

/// A cell that owns its text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum OwnedCell {
    /// Nothing.
    Missing,
    /// A string, or a number as it was written.
    Text(String),
}

impl Table {
    /// Calls `f` with every row of data in the order of the file.
    pub(super) fn for_each(&self, mut f: impl FnMut(Row<'_>) -> Result<()>) -> Result<()> {
        match &self.rows {
            Rows::Text(text) => text.for_each(self.width, f),
            Rows::Owned(rows) => {
                for (i, row) in rows.iter().enumerate() {
                    let cells: Vec<Cell<'_>> = row
                        .iter()
                        .map(|cell| match cell {
                            OwnedCell::Missing => Cell::Missing,
                            OwnedCell::Text(text) => Cell::text(text),
                        })
                        .collect();
                    f(Row { number: i as u64 + 1, cells: &cells, unterminated: false, broken: None })?;
                }
                Ok(())
            }
            Rows::Batches(batches) => super::arrow::for_each(batches, f),
        }
    }

    /// The first `n` rows, as text.
    pub(super) fn sample(&self, n: usize) -> Result<Vec<Vec<String>>> {
        let mut rows = Vec::new();
        self.for_each(|row| {
            if rows.len() < n && row.cells.len() >= self.width {
                rows.push(row.cells.iter().map(Cell::show).collect());
            }
            Ok(())
        })?;
        Ok(rows)
    }
}
