//! A Parquet file.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::properties::WriterProperties;

use super::format::Renderer;
use crate::error::{Error, Result};

/// Writes row groups as they fill up.
pub struct Parquet {
    writer: ArrowWriter<Vec<u8>>,
}

impl Parquet {
    /// A file with these columns.
    pub fn new(schema: SchemaRef) -> Result<Self> {
        if schema.fields().is_empty() {
            return Err(Error::argument("a Parquet file needs at least one column"));
        }
        let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
        Ok(Parquet { writer: ArrowWriter::try_new(vec![], schema, Some(properties)).map_err(error)? })
    }
}

impl Renderer for Parquet {
    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        self.writer.write(batch).map_err(error)?;
        // The writer counts its bytes itself, so that what is done can be taken away from its buffer.
        out.append(self.writer.inner_mut());
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<()> {
        self.writer.finish().map_err(error)?;
        out.append(self.writer.inner_mut());
        Ok(())
    }
}

fn error(error: ParquetError) -> Error {
    datafusion::common::DataFusionError::from(error).into()
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, Int64Array};
    use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReader;

    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..1_000));
        let batch = RecordBatch::try_from_iter([("n", numbers)]).unwrap();
        let mut parquet = Parquet::new(batch.schema()).unwrap();
        let mut out = vec![];
        for start in [0, 400] {
            parquet.batch(&batch.slice(start, 400 + start / 2), &mut out).unwrap();
            parquet.writer.flush().unwrap();
        }
        parquet.finish(&mut out).unwrap();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&out).unwrap();
        let read = ParquetRecordBatchReader::try_new(file, 5_000);
        let rows: usize = read.unwrap().map(|batch| batch.unwrap().num_rows()).sum();
        assert_eq!(rows, 1_000);
    }
}
