//! The last result, for commands that look at it again.

use datafusion::arrow::array::{Array, ArrayRef, RecordBatch};

use crate::error::{Error, Result};

/// Most bytes that are kept.
const MOST_BYTES: usize = 256 << 20;

/// The rows of the last result, if there is one and it is not too large.
#[derive(Debug, Default)]
pub struct Kept {
    state: State,
    /// Whether its statement still runs.
    is_open: bool,
    batches: Vec<RecordBatch>,
    bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Nothing,
    Rows,
    TooLarge,
    Failed,
}

impl Kept {
    /// Forgets the result before, because a new one begins.
    pub(super) fn begin(&mut self) {
        *self = Kept { state: State::Rows, is_open: true, ..Kept::default() };
    }

    /// Takes the next rows of the result, or gives up all where they are too many.
    pub(super) fn add(&mut self, batch: &RecordBatch) {
        if self.state != State::Rows {
            return;
        }
        self.bytes += size(batch);
        if self.bytes > MOST_BYTES {
            *self = Kept { state: State::TooLarge, is_open: true, ..Kept::default() };
        } else {
            self.batches.push(batch.clone());
        }
    }

    /// Notes that the result is complete.
    pub(super) fn end(&mut self) {
        self.is_open = false;
    }

    /// Forgets the rows of a statement that failed in the middle of them. A statement that gave none leaves the result
    /// before it.
    pub(super) fn fail(&mut self) {
        if self.is_open {
            *self = Kept { state: State::Failed, ..Kept::default() };
        }
    }

    /// The names of its columns; none without rows.
    pub fn columns(&self) -> Vec<String> {
        let schema = self.batches.first().map(|batch| batch.schema());
        schema.iter().flat_map(|schema| schema.fields()).map(|field| field.name().clone()).collect()
    }

    /// The rows.
    ///
    /// # Errors
    ///
    /// Fails if there was no result, if it was too large to be kept, or if its statement failed.
    pub fn rows(&self) -> Result<&[RecordBatch]> {
        match self.state {
            State::Nothing => Err(Error::argument("there is no result yet; run a query first")),
            State::Failed => Err(Error::argument("the last query failed before it had given all rows; run it again")),
            State::TooLarge => Err(Error::argument(format!(
                "the last result is larger than the {} MiB that are kept; select fewer rows or columns",
                MOST_BYTES >> 20
            ))),
            State::Rows => Ok(&self.batches),
        }
    }
}

/// The bytes of the rows themselves: a batch is often a part of larger columns, and as many batches share those.
fn size(batch: &RecordBatch) -> usize {
    let size = |column: &ArrayRef| column.to_data().get_slice_memory_size().unwrap_or(column.get_array_memory_size());
    batch.columns().iter().map(size).sum()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::Int64Array;

    use super::*;

    fn batch(rows: usize) -> RecordBatch {
        let column: ArrayRef = Arc::new(Int64Array::from(vec![7; rows]));
        RecordBatch::try_from_iter([("a", column)]).unwrap()
    }

    #[test]
    fn the_last_complete_result_stays() {
        let mut kept = Kept::default();
        assert_eq!(kept.rows().unwrap_err().to_string(), "there is no result yet; run a query first");
        kept.begin();
        kept.add(&batch(3));
        kept.end();
        kept.fail();
        assert_eq!(kept.rows().unwrap()[0].num_rows(), 3);
        kept.begin();
        kept.add(&batch(3));
        kept.fail();
        assert!(kept.rows().unwrap_err().to_string().starts_with("the last query failed"));
    }

    #[test]
    fn memory_is_bounded() {
        let mut kept = Kept::default();
        kept.begin();
        let large = batch(MOST_BYTES / 16);
        for _ in 0..3 {
            kept.add(&large);
        }
        kept.end();
        assert_eq!(
            kept.rows().unwrap_err().to_string(),
            "the last result is larger than the 256 MiB that are kept; select fewer rows or columns"
        );
        assert!(kept.batches.is_empty());
        kept.begin();
        for start in 0..1000 {
            kept.add(&large.slice(start * 8, 8));
        }
        assert_eq!(kept.rows().unwrap().len(), 1000, "parts of one large column");
    }
}
