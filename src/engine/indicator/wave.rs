//! How the rows that are computed together lie in batches and in series.

use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch};
use datafusion::arrow::compute::partition;
use datafusion::common::ScalarValue;
use datafusion::physical_expr::PhysicalExpr;

use crate::error::Result;

/// Rows of one series in one batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// The batch.
    pub batch: usize,
    /// The row of the batch with which it begins.
    pub offset: usize,
    /// Its rows, counted over all batches.
    pub rows: Range<usize>,
    /// Whether the series begins here.
    pub begins: bool,
}

/// The segments of a few batches in a row.
#[derive(Debug)]
pub(super) struct Layout {
    pub segments: Vec<Segment>,
    /// Rows of all batches.
    pub rows: usize,
    /// Rows of the first series that came before.
    pub before: usize,
    /// The rows with which series begin.
    starts: Vec<usize>,
}

impl Layout {
    /// The row with which the series at `row` begins; `None` if it began before.
    pub fn start_of(&self, row: usize) -> Option<usize> {
        let begun = self.starts.partition_point(|start| *start <= row);
        begun.checked_sub(1).map(|last| self.starts[last])
    }

    /// How many rows of the last series have come by its end.
    pub fn rows_of_last(&self) -> usize {
        self.starts.last().map_or(self.before + self.rows, |start| self.rows - start)
    }
}

/// Finds where series begin, from batch to batch.
#[derive(Debug)]
pub(super) struct Boundaries {
    keys: Vec<Arc<dyn PhysicalExpr>>,
    /// The keys of the row before.
    last: Option<Vec<ScalarValue>>,
    /// Rows of the series at hand that have come.
    before: usize,
}

impl Boundaries {
    pub fn new(keys: Vec<Arc<dyn PhysicalExpr>>) -> Self {
        Boundaries { keys, last: None, before: 0 }
    }

    /// The layout of the next batches, none of which is empty.
    pub fn layout(&mut self, batches: &[RecordBatch]) -> Result<Layout> {
        let mut layout = Layout { segments: vec![], rows: 0, before: self.before, starts: vec![] };
        for (batch, rows) in batches.iter().enumerate() {
            let starts = self.starts(rows)?;
            let first = layout.rows;
            layout.starts.extend(starts.iter().map(|start| first + start));
            let begins = starts.first() == Some(&0);
            let cuts = starts.into_iter().filter(|start| *start > 0).chain([rows.num_rows()]);
            let mut offset = 0;
            for end in cuts {
                let begins = offset > 0 || begins;
                layout.segments.push(Segment { batch, offset, rows: first + offset..first + end, begins });
                offset = end;
            }
            layout.rows += rows.num_rows();
        }
        self.before = layout.rows_of_last();
        Ok(layout)
    }

    /// The rows of a batch with which series begin.
    fn starts(&mut self, batch: &RecordBatch) -> Result<Vec<usize>> {
        let rows = batch.num_rows();
        let columns: Vec<ArrayRef> =
            self.keys.iter().map(|key| Ok(key.evaluate(batch)?.into_array(rows)?)).collect::<Result<_>>()?;
        let keys_at = |row: usize| -> Result<Vec<ScalarValue>> {
            columns.iter().map(|column| Ok(ScalarValue::try_from_array(column, row)?)).collect()
        };
        let (first, last) = (keys_at(0)?, keys_at(rows - 1)?);
        let mut starts = vec![];
        if self.last.as_ref() != Some(&first) {
            starts.push(0);
        }
        // The rows are sorted by their keys: where the ends are of one series, so is all between them.
        if first != last {
            starts.extend(partition(&columns)?.ranges().into_iter().skip(1).map(|range| range.start));
        }
        self.last = Some(last);
        Ok(starts)
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::Int64Array;
    use datafusion::physical_expr::expressions::Column;

    use super::*;

    fn batch(keys: &[i64]) -> RecordBatch {
        RecordBatch::try_from_iter([("key", Arc::new(Int64Array::from(keys.to_vec())) as ArrayRef)]).unwrap()
    }

    #[test]
    fn series_are_told_apart_within_batches_and_between_them() {
        let mut boundaries = Boundaries::new(vec![Arc::new(Column::new("key", 0))]);
        let layout = boundaries.layout(&[batch(&[1, 1, 2]), batch(&[2, 2]), batch(&[3])]).unwrap();
        let segment = |batch, offset, rows, begins| Segment { batch, offset, rows, begins };
        assert_eq!(
            layout.segments,
            [
                segment(0, 0, 0..2, true),
                segment(0, 2, 2..3, true),
                segment(1, 0, 3..5, false),
                segment(2, 0, 5..6, true)
            ]
        );
        assert_eq!([0, 1, 2, 4, 5].map(|row| layout.start_of(row)), [0, 0, 2, 2, 5].map(Some));
        let layout = boundaries.layout(&[batch(&[3, 3, 4, 4])]).unwrap();
        assert_eq!(layout.segments, [segment(0, 0, 0..2, false), segment(0, 2, 2..4, true)]);
        assert_eq!((layout.before, layout.start_of(1), layout.rows_of_last()), (1, None, 2));
    }

    #[test]
    fn without_keys_there_is_one_series() {
        let mut boundaries = Boundaries::new(vec![]);
        let begins = [7, 3].map(|rows| {
            let layout = boundaries.layout(&[batch(&vec![1; rows])]).unwrap();
            (layout.segments.len(), layout.segments[0].begins, layout.before)
        });
        assert_eq!(begins, [(1, true, 0), (1, false, 7)]);
    }
}
