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
    rows: usize,
}

impl Vertical {
    /// Rows with these columns.
    pub fn new(schema: SchemaRef) -> Self {
        let names: Vec<String> = schema.fields().iter().map(|field| cell::one_line(field.name())).collect();
        let width = names.iter().map(|name| cell::width(name)).max().unwrap_or(0);
        Vertical { names, width, rows: 0 }
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
                let mut lines = value.lines().map(cell::one_line);
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, Float64Array, StringArray};

    use super::*;

    #[test]
    fn every_value_has_its_line() {
        let batch = RecordBatch::try_from_iter([
            ("close", Arc::new(Float64Array::from(vec![1.5, 2.0])) as ArrayRef),
            ("t", Arc::new(StringArray::from(vec![Some("a\nb"), None]))),
        ])
        .unwrap();
        let mut vertical = Vertical::new(batch.schema());
        let mut out = vec![];
        vertical.batch(&batch, &mut out).unwrap();
        vertical.finish(&mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "── row 1 ──\nclose  1.5\nt      a\n       b\n── row 2 ──\nclose  2.0\nt      NULL\n"
        );
    }
}
