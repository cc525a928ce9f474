//! JSON: one array of objects, or one object per line. Every digit, ISO timestamps, `null` for NULL.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::json::WriterBuilder;
use datafusion::arrow::json::writer::LineDelimited;

use super::format::Renderer;
use crate::error::Result;

/// What stands around the objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `[`, commas and `]`.
    Array,
    /// A line each.
    Lines,
}

/// Writes each batch as it comes.
pub struct Json {
    schema: SchemaRef,
    shape: Shape,
    has_rows: bool,
}

impl Json {
    /// Objects with these keys.
    pub fn new(schema: SchemaRef, shape: Shape) -> Self {
        Json { schema, shape, has_rows: false }
    }
}

impl Renderer for Json {
    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(vec![]);
        writer.write(batch)?;
        writer.finish()?;
        let lines = writer.into_inner();
        if self.shape == Shape::Lines {
            out.extend_from_slice(&lines);
            return Ok(());
        }
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            out.extend_from_slice(if self.has_rows { b",\n" } else { b"[\n" });
            out.extend_from_slice(line);
            self.has_rows = true;
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<()> {
        if self.shape == Shape::Array && !self.schema.fields().is_empty() {
            out.extend_from_slice(if self.has_rows { b"\n]\n" } else { b"[]\n" });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, Float64Array, StringArray};

    use super::*;

    fn render(shape: Shape, rows: usize) -> String {
        let batch = RecordBatch::try_from_iter([
            ("x", Arc::new(Float64Array::from(vec![Some(0.1 + 0.2), None])) as ArrayRef),
            ("t", Arc::new(StringArray::from(vec!["a\nb", "c"]))),
        ])
        .unwrap();
        let mut json = Json::new(batch.schema(), shape);
        let mut out = vec![];
        for row in 0..rows {
            json.batch(&batch.slice(row, 1), &mut out).unwrap();
        }
        json.finish(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_array_holds_every_row() {
        assert_eq!(
            render(Shape::Array, 2),
            "[\n{\"x\":0.30000000000000004,\"t\":\"a\\nb\"},\n{\"x\":null,\"t\":\"c\"}\n]\n"
        );
        assert_eq!(render(Shape::Array, 0), "[]\n");
    }

    #[test]
    fn lines_hold_a_row_each() {
        assert_eq!(render(Shape::Lines, 2), "{\"x\":0.30000000000000004,\"t\":\"a\\nb\"}\n{\"x\":null,\"t\":\"c\"}\n");
        assert_eq!(render(Shape::Lines, 0), "");
    }
}
