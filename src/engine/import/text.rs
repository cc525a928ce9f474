//! Delimited text: delimiter, header and rows.

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::columns;
use super::table::{Cell, Hints, Row, Rows, Table};
use crate::error::{Error, Result};

/// Delimiters in the order of preference: a comma may also be a decimal sign, so it comes last.
const DELIMITERS: [u8; 4] = [b';', b'\t', b'|', b','];
/// Lines that are looked at to find the delimiter.
const SNIFF_LINES: usize = 64;
/// Most lines of remarks before the header.
const MAX_PREAMBLE: usize = 32;

/// Text that is split into rows anew at every pass.
#[derive(Debug)]
pub(super) struct TextRows {
    bytes: Vec<u8>,
    delimiter: u8,
    /// Records before the first row of data.
    skip: usize,
}

/// Finds delimiter and header.
///
/// # Errors
/// Text without columns.
pub(super) fn table(bytes: Vec<u8>, label: &str) -> Result<Table> {
    let (delimiter, width, preamble) = DELIMITERS
        .into_iter()
        .find_map(|d| shape(&bytes, d).map(|(width, preamble)| (d, width, preamble)))
        .ok_or_else(|| {
            let first: String =
                String::from_utf8_lossy(&bytes).lines().next().unwrap_or_default().chars().take(60).collect();
            Error::data(label, format!("no columns found: `{first}` is not split by comma, semicolon, tab or `|`"))
        })?;
    let mut hints = Hints::default();
    if preamble > 0 {
        hints.notes.push(format!("{preamble} lines before the header left out"));
    }
    let first = records(&bytes, delimiter).into_byte_records().filter_map(Result::ok).nth(preamble).unwrap_or_default();
    let names: Vec<String> = first.iter().map(|f| String::from_utf8_lossy(f).trim().to_string()).collect();
    let header = columns::looks_like_header(&names).then_some(names);
    let skip = preamble + usize::from(header.is_some());
    let width = header.as_ref().map_or(width, Vec::len);
    Ok(Table { header, width, row_word: "line", rows: Rows::Text(TextRows { bytes, delimiter, skip }), hints })
}

fn records(bytes: &[u8], delimiter: u8) -> Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes)
}

/// Columns, and lines of remarks before them, if `delimiter` splits most lines into the same number of fields.
fn shape(bytes: &[u8], delimiter: u8) -> Option<(usize, usize)> {
    let widths: Vec<usize> =
        records(bytes, delimiter).into_byte_records().take(SNIFF_LINES).map(|r| r.map_or(0, |r| r.len())).collect();
    let mut counts: Vec<(usize, usize)> = Vec::new();
    for &width in &widths {
        match counts.iter_mut().find(|(w, _)| *w == width) {
            Some((_, n)) => *n += 1,
            None => counts.push((width, 1)),
        }
    }
    let (width, count) = counts.into_iter().max_by_key(|(_, n)| *n)?;
    let preamble = widths.iter().position(|w| *w == width)?;
    let remarks_only = preamble <= MAX_PREAMBLE && widths[..preamble].iter().all(|w| *w == 1);
    let first = if remarks_only { preamble } else { 0 };
    (width >= 2 && count * 2 > widths.len() - first).then_some((width, first))
}

impl TextRows {
    /// Calls `f` with every row of data.
    pub(super) fn for_each(&self, width: usize, mut f: impl FnMut(Row<'_>) -> Result<()>) -> Result<()> {
        let mut reader = records(&self.bytes, self.delimiter);
        let mut record = ByteRecord::new();
        let mut seen = 0;
        let has_last_line_end = self.bytes.ends_with(b"\n") || self.bytes.ends_with(b"\r");
        while reader.read_byte_record(&mut record).map_err(|e| Error::Data { path: None, message: e.to_string() })? {
            seen += 1;
            if seen <= self.skip {
                continue;
            }
            let number = record.position().map_or(0, csv::Position::line);
            let unterminated = !has_last_line_end && reader.position().byte() as usize >= self.bytes.len();
            let mut cells = Vec::with_capacity(width);
            let mut broken = None;
            for field in &record {
                match std::str::from_utf8(field) {
                    Ok(text) => cells.push(Cell::text(text)),
                    Err(_) => {
                        broken = Some("the text is not UTF-8");
                        cells.push(Cell::Missing);
                    }
                }
            }
            // A delimiter at the end of every line makes no column.
            if cells.len() == width + 1 && cells[width] == Cell::Missing {
                cells.pop();
            }
            f(Row { number, cells: &cells, unterminated, broken })?;
        }
        Ok(())
    }
}
