//! One line per value, for wide rows and long texts.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use super::cell::{self, NULL};
use super::format::Renderer;
use super::number::grouped;
use crate::error::Result;

/// Writes each row as it comes.
pub struct Vertical {
    names: Vec<String>,
    width: usize,
    /// Columns of the terminal that a value has; a longer one is continued below.
    room: usize,
    rows: usize,
}

/// Columns that a value has at least, however narrow the terminal is.
const NARROW: usize = 20;

impl Vertical {
    /// Rows with these columns, for a terminal of so many columns.
    pub fn new(schema: SchemaRef, terminal: Option<usize>) -> Self {
        let names: Vec<String> = schema.fields().iter().map(|field| cell::one_line(field.name())).collect();
        let width = names.iter().map(|name| cell::width(name)).max().unwrap_or(0);
        let room = terminal.map_or(usize::MAX, |columns| columns.saturating_sub(width + 2).max(NARROW));
        Vertical { names, width, room, rows: 0 }
    }
}

impl Renderer for Vertical {
    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        let columns = batch.columns().iter().map(cell::values).collect::<Result<Vec<_>>>()?;
        for row in 0..batch.num_rows() {
            self.rows += 1;
            let mut text = format!("── row {} ──\n", grouped(self.rows));
            for (name, values) in self.names.iter().zip(&columns) {
                let value = values[row].as_deref().unwrap_or(NULL);
                let mut lines = value.lines().flat_map(|line| folded(&cell::one_line(line), self.room));
                text += &format!("{}  {}\n", cell::pad(name, self.width, false), lines.next().unwrap_or_default());
                for line in lines {
                    text += &format!("{}  {line}\n", " ".repeat(self.width));
                }
            }
            out.extend_from_slice(text.as_bytes());
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<()> {
        if self.rows == 0 && !self.names.is_empty() {
            out.extend_from_slice(format!("no rows; columns: {}\n", self.names.join(", ")).as_bytes());
        }
        Ok(())
    }
}

/// A text in lines of at most `room` columns, broken behind blanks where there are some.
fn folded(text: &str, room: usize) -> Vec<String> {
    if cell::width(text) <= room {
        return vec![text.to_string()];
    }
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        if used > 0 && used + cell::width(word.trim_end()) > room {
            lines.push(String::new());
            used = 0;
        }
        for c in word.chars() {
            let columns = cell::width(c.encode_utf8(&mut [0; 4]));
            if used + columns > room && c != ' ' {
                lines.push(String::new());
                used = 0;
            }
            if let Some(line) = lines.last_mut() {
                line.push(c);
            }
            used += columns;
        }
    }
    lines.iter().map(|line| line.trim_end().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, Float64Array, StringArray};

    use super::*;

    #[test]
    fn long_values_are_continued_below() {
        assert_eq!(folded("a => 1, b => 22, c => 3", 12), ["a => 1, b =>", "22, c => 3"]);
        assert_eq!(folded("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(folded("東京東京", 5), ["東京", "東京"]);
        assert_eq!(folded("", 5), [""]);
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["one two three four five six"]));
        let batch = RecordBatch::try_from_iter([("t", texts)]).unwrap();
        let mut out = vec![];
        Vertical::new(batch.schema(), Some(10)).batch(&batch, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "── row 1 ──\nt  one two three four\n   five six\n");
    }

    #[test]
    fn every_value_has_its_line() {
        let batch = RecordBatch::try_from_iter([
            ("close", Arc::new(Float64Array::from(vec![1.5, 2.0])) as ArrayRef),
            ("t", Arc::new(StringArray::from(vec![Some("a\nb"), None]))),
        ])
        .unwrap();
        let mut vertical = Vertical::new(batch.schema(), None);
        let mut out = vec![];
        vertical.batch(&batch, &mut out).unwrap();
        vertical.finish(&mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "── row 1 ──\nclose  1.5\nt      a\n       b\n── row 2 ──\nclose  2.0\nt      NULL\n"
        );
    }
}
