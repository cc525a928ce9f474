//! Comma-separated values: a header, every digit, ISO timestamps, nothing for NULL, JSON for lists and structs.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use datafusion::arrow::csv::WriterBuilder;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::json::writer::{EncoderOptions, make_encoder};

use super::format::Renderer;
use crate::error::Result;

/// Writes each batch as it comes.
pub struct Csv {
    schema: SchemaRef,
    has_header: bool,
}

impl Csv {
    /// A file with these columns.
    pub fn new(schema: SchemaRef) -> Self {
        Csv { schema, has_header: false }
    }

    fn write(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        let mut writer = WriterBuilder::new().with_header(!self.has_header).build(&mut *out);
        writer.write(&flat(batch)?)?;
        self.has_header = true;
        Ok(())
    }
}

impl Renderer for Csv {
    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        if batch.num_rows() == 0 { Ok(()) } else { self.write(batch, out) }
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<()> {
        if self.has_header || self.schema.fields().is_empty() {
            return Ok(());
        }
        self.write(&RecordBatch::new_empty(Arc::clone(&self.schema)), out)
    }
}

/// The batch with nested columns as JSON text.
fn flat(batch: &RecordBatch) -> Result<RecordBatch> {
    if !batch.schema().fields().iter().any(|field| field.data_type().is_nested()) {
        return Ok(batch.clone());
    }
    let mut fields = vec![];
    let mut columns = vec![];
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        if field.data_type().is_nested() {
            fields.push(Arc::new(Field::new(field.name(), DataType::Utf8, true)));
            columns.push(json_texts(field, column)?);
        } else {
            fields.push(Arc::clone(field));
            columns.push(Arc::clone(column));
        }
    }
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)?)
}

fn json_texts(field: &Arc<Field>, column: &ArrayRef) -> Result<ArrayRef> {
    let options = EncoderOptions::default().with_explicit_nulls(true);
    let mut encoder = make_encoder(field, column, &options)?;
    let mut texts = StringBuilder::new();
    let mut text = vec![];
    for row in 0..column.len() {
        if encoder.is_null(row) {
            texts.append_null();
            continue;
        }
        text.clear();
        encoder.encode(row, &mut text);
        texts.append_value(String::from_utf8_lossy(&text));
    }
    Ok(Arc::new(texts.finish()))
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{Float64Array, ListArray, StringArray, TimestampMicrosecondArray};
    use datafusion::arrow::datatypes::Int32Type;

    use super::*;

    fn render(batch: &RecordBatch) -> String {
        let mut csv = Csv::new(batch.schema());
        let mut out = vec![];
        csv.batch(&batch.slice(0, batch.num_rows().min(1)), &mut out).unwrap();
        csv.batch(&batch.slice(1, batch.num_rows() - 1), &mut out).unwrap();
        csv.finish(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_digit_and_nothing_for_null() {
        let batch = RecordBatch::try_from_iter([
            ("ts", Arc::new(TimestampMicrosecondArray::from(vec![0, 1_500]).with_timezone("UTC")) as ArrayRef),
            ("x", Arc::new(Float64Array::from(vec![Some(0.1 + 0.2), None]))),
            ("t", Arc::new(StringArray::from(vec!["a,\"b\"", "c"]))),
        ])
        .unwrap();
        assert_eq!(
            render(&batch),
            "ts,x,t\n1970-01-01T00:00:00Z,0.30000000000000004,\"a,\"\"b\"\"\"\n1970-01-01T00:00:00.001500Z,,c\n"
        );
    }

    #[test]
    fn lists_are_json() {
        let lists = ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1), None]), None]);
        let batch = RecordBatch::try_from_iter([
            ("l", Arc::new(lists) as ArrayRef),
            ("n", Arc::new(StringArray::from(vec!["a", "b"]))),
        ])
        .unwrap();
        assert_eq!(render(&batch), "l,n\n\"[1,null]\",a\n,b\n");
    }

    #[test]
    fn an_empty_result_has_its_header() {
        let batch = RecordBatch::try_from_iter([("a", Arc::new(StringArray::from(Vec::<&str>::new())) as ArrayRef)]);
        let mut csv = Csv::new(batch.unwrap().schema());
        let mut out = vec![];
        csv.finish(&mut out).unwrap();
        assert_eq!(out, b"a\n");
    }
}
