//! A table of GitHub's Markdown.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::SchemaRef;

use super::cell::{self, NULL};
use super::format::Renderer;
use crate::error::Result;

/// Collects all rows, because the columns are aligned in the source too.
pub struct Markdown {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Markdown {
    /// A table with these columns.
    pub fn new(schema: SchemaRef) -> Self {
        Markdown { schema, batches: vec![] }
    }
}

impl Renderer for Markdown {
    fn batch(&mut self, batch: &RecordBatch, _: &mut Vec<u8>) -> Result<()> {
        self.batches.push(batch.clone());
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<()> {
        if self.schema.fields().is_empty() {
            return Ok(());
        }
        let rows = concat_batches(&self.schema, &self.batches)?;
        let mut columns: Vec<Vec<String>> = vec![];
        for (field, array) in self.schema.fields().iter().zip(rows.columns()) {
            let right = cell::is_number(field.data_type());
            let mut texts = vec![escape(field.name())];
            texts.extend(cell::column(array)?.into_iter().map(|text| text.map_or(NULL.to_string(), |t| escape(&t))));
            let width = texts.iter().map(|text| cell::width(text)).max().unwrap_or(0).max(3);
            let mut texts: Vec<String> = texts.iter().map(|text| cell::pad(text, width, right)).collect();
            texts.insert(1, if right { format!("{}:", "-".repeat(width - 1)) } else { "-".repeat(width) });
            columns.push(texts);
        }
        for row in 0..rows.num_rows() + 2 {
            let cells: Vec<&str> = columns.iter().map(|texts| texts[row].as_str()).collect();
            out.extend_from_slice(format!("| {} |\n", cells.join(" | ")).as_bytes());
        }
        Ok(())
    }
}

fn escape(text: &str) -> String {
    cell::one_line(&text.replace('|', "\\|").replace('\n', "<br>"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, Float64Array, StringArray};

    use super::*;

    #[test]
    fn numbers_are_aligned_to_the_right_and_bars_escaped() {
        let batch = RecordBatch::try_from_iter([
            ("name", Arc::new(StringArray::from(vec![Some("a|b"), None])) as ArrayRef),
            ("x", Arc::new(Float64Array::from(vec![1.25, 10.0]))),
        ])
        .unwrap();
        let mut markdown = Markdown::new(batch.schema());
        let mut out = vec![];
        markdown.batch(&batch, &mut out).unwrap();
        markdown.finish(&mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "| name |     x |\n| ---- | ----: |\n| a\\|b |  1.25 |\n| NULL | 10.00 |\n"
        );
    }
}
