//! The formats of results, and what a renderer is.

use std::path::Path;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use super::{arrow, csv, json, markdown, parquet, plan, table, vertical};
use crate::error::{Error, Result};

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A box for people.
    Table,
    /// Comma-separated values with a header.
    Csv,
    /// One array of objects.
    Json,
    /// One object per line.
    Ndjson,
    /// A table of GitHub's Markdown.
    Markdown,
    /// One line per value.
    Vertical,
    /// A Parquet file.
    Parquet,
    /// Arrow IPC: a file (Feather) with `--output`, a stream into a pipe.
    Arrow,
}

/// Every format with its name and the file extensions that mean it.
const FORMATS: &[(Format, &str, &[&str])] = &[
    (Format::Table, "table", &["txt"]),
    (Format::Csv, "csv", &["csv"]),
    (Format::Json, "json", &["json"]),
    (Format::Ndjson, "ndjson", &["ndjson", "jsonl"]),
    (Format::Markdown, "markdown", &["md"]),
    (Format::Vertical, "vertical", &[]),
    (Format::Parquet, "parquet", &["parquet"]),
    (Format::Arrow, "arrow", &["arrow", "feather", "ipc"]),
];

impl Format {
    /// The names of all formats.
    pub fn names() -> impl Iterator<Item = &'static str> {
        FORMATS.iter().map(|(_, name, _)| *name)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        FORMATS.iter().find(|(format, ..)| *format == self).map_or("", |(_, name, _)| name)
    }

    /// The format of this name, or an error that suggests one.
    pub fn parse(name: &str) -> Result<Self> {
        FORMATS
            .iter()
            .find(|(_, known, _)| known.eq_ignore_ascii_case(name))
            .map(|(format, ..)| *format)
            .ok_or_else(|| Error::unknown("format", name, "", Self::names()))
    }

    /// The format that a file name means by its extension.
    pub fn of_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_lowercase();
        FORMATS.iter().find(|(_, _, known)| known.contains(&extension.as_str())).map(|(format, ..)| *format)
    }

    /// Whether it is bytes that a terminal cannot show, of which a file holds one result only.
    pub fn is_binary(self) -> bool {
        matches!(self, Format::Parquet | Format::Arrow)
    }

    /// A renderer for one result.
    pub fn renderer(self, schema: SchemaRef, style: Style) -> Result<Box<dyn Renderer>> {
        Ok(match self {
            Format::Table | Format::Vertical if plan::is_plan(&schema) => Box::new(plan::Plan),
            Format::Table => Box::new(table::Table::new(schema, style)),
            Format::Csv => Box::new(csv::Csv::new(schema)),
            Format::Json => Box::new(json::Json::new(schema, json::Shape::Array)),
            Format::Ndjson => Box::new(json::Json::new(schema, json::Shape::Lines)),
            Format::Markdown => Box::new(markdown::Markdown::new(schema)),
            Format::Vertical => Box::new(vertical::Vertical::new(schema, style.width)),
            Format::Parquet => Box::new(parquet::Parquet::new(schema)?),
            Format::Arrow if style.to_file => Box::new(arrow::ArrowFile::new(schema)?),
            Format::Arrow => Box::new(arrow::ArrowStream::new(schema)?),
        })
    }
}

/// What the place of the output allows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Style {
    /// Columns of the terminal; nothing is cut without one.
    pub width: Option<usize>,
    /// Rows of a table that are shown at most.
    pub max_rows: Option<usize>,
    /// Whether a table has a line of types below its header.
    pub types: bool,
    /// Whether a single row that does not fit is shown as one line per value.
    pub turns: bool,
    /// Whether names stand out and missing values recede in colour.
    pub colour: bool,
    /// Whether the output is a file of its own.
    pub to_file: bool,
    /// Positions of the columns that a narrow table leaves out last.
    pub pinned: Vec<usize>,
}

/// Turns the batches of one result into bytes.
pub trait Renderer: Send {
    /// Takes the next rows; appends to `out` what can be written already.
    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()>;

    /// Ends the result and appends the rest.
    fn finish(&mut self, out: &mut Vec<u8>) -> Result<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_extensions_lead_to_formats() {
        assert_eq!(Format::parse("CSV").unwrap(), Format::Csv);
        assert_eq!(Format::of_path(Path::new("a/b.JSONL")), Some(Format::Ndjson));
        assert_eq!(Format::of_path(Path::new("a/b")), None);
        assert_eq!(Format::parse("jsn").unwrap_err().to_string(), "unknown format `jsn`; did you mean `json`?");
        for name in Format::names() {
            assert_eq!(Format::parse(name).unwrap().name(), name);
        }
    }
}
