//! A file that several threads read parts of.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use datafusion::parquet::errors::{ParquetError, Result};
use datafusion::parquet::file::reader::{ChunkReader, Length};

/// Bytes that are read at once where the length is not known: more than the header of a page has.
const HEADER_BYTES: usize = 1024;

/// One open file, so that all parts are of the same file even if another takes its name meanwhile.
#[derive(Debug, Clone)]
pub(super) struct SharedFile {
    file: Arc<Mutex<File>>,
    bytes: u64,
}

impl SharedFile {
    /// # Errors
    /// A file whose length cannot be told.
    pub(super) fn new(file: File) -> io::Result<Self> {
        let bytes = file.metadata()?.len();
        Ok(Self { file: Arc::new(Mutex::new(file)), bytes })
    }

    /// Calls `read` with the file at a position.
    fn at<T>(&self, position: u64, read: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(position))?;
        read(&mut file)
    }
}

impl Length for SharedFile {
    fn len(&self) -> u64 {
        self.bytes
    }
}

impl ChunkReader for SharedFile {
    type T = BufReader<Rest>;

    fn get_read(&self, start: u64) -> Result<Self::T> {
        Ok(BufReader::with_capacity(HEADER_BYTES, Rest { file: self.clone(), position: start }))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        // A damaged file may promise more than there is.
        if start.checked_add(length as u64).is_none_or(|end| end > self.bytes) {
            return Err(ParquetError::EOF(format!(
                "{length} bytes at {start} are beyond the {} of the file",
                self.bytes
            )));
        }
        let mut bytes = Vec::with_capacity(length);
        let read = self.at(start, |file| file.take(length as u64).read_to_end(&mut bytes))?;
        if read != length {
            return Err(ParquetError::EOF(format!("expected {length} bytes at {start}, got {read}")));
        }
        Ok(bytes.into())
    }
}

/// A file from some position on.
#[derive(Debug)]
pub(super) struct Rest {
    file: SharedFile,
    position: u64,
}

impl Read for Rest {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.at(self.position, |file| file.read(buffer))?;
        self.position += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn parts_are_read_wherever_others_read() {
        let mut file = tempfile::tempfile().unwrap();
        let content: Vec<u8> = (0..=255).cycle().take(5000).collect();
        file.write_all(&content).unwrap();
        let file = SharedFile::new(file).unwrap();
        let mut reader = file.get_read(10).unwrap();
        let mut rest = vec![];
        reader.by_ref().take(3).read_to_end(&mut rest).unwrap();
        assert_eq!(&file.get_bytes(4000, 1000).unwrap()[..], &content[4000..]);
        reader.read_to_end(&mut rest).unwrap();
        assert_eq!((rest, file.len()), (content[10..].to_vec(), 5000));
        for (start, length) in [(4000, 1001), (u64::MAX, 1), (0, usize::MAX)] {
            assert!(file.get_bytes(start, length).is_err());
        }
    }
}
