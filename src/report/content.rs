//! What a report shows, before it is HTML or Markdown.

use super::assert::Checked;
use super::format::Cell;
use crate::chart::model::Chart;

/// A report that was run.
#[derive(Debug)]
pub struct Report {
    /// Its title.
    pub title: String,
    /// Its parts, in order.
    pub parts: Vec<Part>,
    /// The parameters that it was run with.
    pub parameters: Vec<Parameter>,
    /// The claims that were checked.
    pub checks: Vec<Checked>,
    /// What it was made of.
    pub origin: Origin,
}

/// A part of a report.
#[derive(Debug)]
pub enum Part {
    /// A heading.
    Section(String),
    /// Paragraphs.
    Text(String),
    /// A result.
    Block(Block),
}

/// A statement and what is shown of it.
#[derive(Debug)]
pub struct Block {
    /// The statement as it was run.
    pub sql: String,
    /// What is shown.
    pub shown: Vec<Shown>,
}

/// One view of a result.
#[derive(Debug)]
pub enum Shown {
    /// One row, one tile per column.
    Figures {
        /// Heading; may be empty.
        title: String,
        /// Name and value of each.
        figures: Vec<(String, Cell)>,
    },
    /// A drawing.
    Chart(Box<Chart>),
    /// Rows.
    Table(Table),
    /// Why there is nothing to see.
    Nothing {
        /// Heading; may be empty.
        title: String,
        /// The reason.
        reason: String,
    },
    /// A claim that holds.
    Check(Checked),
    /// A file that was written.
    File {
        /// Its name inside the report's folder.
        name: String,
        /// Rows in it.
        rows: u64,
    },
}

/// Rows for readers.
#[derive(Debug)]
pub struct Table {
    /// Heading; may be empty.
    pub title: String,
    /// Name of each column and whether it holds numbers.
    pub columns: Vec<(String, bool)>,
    /// The rows that are shown.
    pub rows: Vec<Vec<Cell>>,
    /// How many rows the result has.
    pub total: usize,
}

/// A parameter that a report was run with.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// What it means.
    pub description: String,
}

/// What a report was made of.
#[derive(Debug, Default)]
pub struct Origin {
    /// Name of the report file.
    pub file: String,
    /// Version of the engine.
    pub version: String,
    /// The series that were read.
    pub series: Vec<SeriesOrigin>,
    /// Run options that are set for the whole session.
    pub settings: Vec<(String, String)>,
    /// Hash of the report file, its parameters, the settings, the data and the version.
    pub id: String,
    /// When it was made, if that was asked for.
    pub made: Option<String>,
}

/// A series that a report read.
#[derive(Debug)]
pub struct SeriesOrigin {
    /// Symbol and timeframe.
    pub name: String,
    /// Number of bars.
    pub bars: usize,
    /// Opens of the first and last bar.
    pub range: Option<(String, String)>,
    /// Hash of the content.
    pub fingerprint: String,
}
