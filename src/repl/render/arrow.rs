//! Arrow IPC: the file form (Feather), which readers seek in, and the stream form, which goes through a pipe.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::ipc::writer::{FileWriter, StreamWriter};

use super::format::Renderer;
use crate::error::Result;

/// Writes a file.
pub struct ArrowFile(FileWriter<Vec<u8>>);

/// Writes a stream.
pub struct ArrowStream(StreamWriter<Vec<u8>>);

impl ArrowFile {
    /// A file with these columns.
    pub fn new(schema: SchemaRef) -> Result<Self> {
        Ok(ArrowFile(FileWriter::try_new(vec![], &schema)?))
    }
}

impl ArrowStream {
    /// A stream with these columns.
    pub fn new(schema: SchemaRef) -> Result<Self> {
        Ok(ArrowStream(StreamWriter::try_new(vec![], &schema)?))
    }
}

impl Renderer for ArrowFile {
    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        self.0.write(batch)?;
        out.append(self.0.get_mut());
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<()> {
        self.0.finish()?;
        out.append(self.0.get_mut());
        Ok(())
    }
}

impl Renderer for ArrowStream {
    fn batch(&mut self, batch: &RecordBatch, out: &mut Vec<u8>) -> Result<()> {
        self.0.write(batch)?;
        out.append(self.0.get_mut());
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<()> {
        self.0.finish()?;
        out.append(self.0.get_mut());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, Int64Array};
    use datafusion::arrow::ipc::reader::{FileReader, StreamReader};

    use super::*;

    #[test]
    fn both_forms_can_be_read() {
        let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..100));
        let batch = RecordBatch::try_from_iter([("n", numbers)]).unwrap();
        let (mut file, mut stream) = (vec![], vec![]);
        let mut writers: [(Box<dyn Renderer>, &mut Vec<u8>); 2] = [
            (Box::new(ArrowFile::new(batch.schema()).unwrap()), &mut file),
            (Box::new(ArrowStream::new(batch.schema()).unwrap()), &mut stream),
        ];
        for (writer, out) in &mut writers {
            writer.batch(&batch, out).unwrap();
            writer.batch(&batch, out).unwrap();
            writer.finish(out).unwrap();
        }
        let rows: usize = FileReader::try_new(Cursor::new(file), None).unwrap().map(|b| b.unwrap().num_rows()).sum();
        assert_eq!(rows, 200);
        let rows: usize =
            StreamReader::try_new(Cursor::new(stream), None).unwrap().map(|b| b.unwrap().num_rows()).sum();
        assert_eq!(rows, 200);
    }
}
