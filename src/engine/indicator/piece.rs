//! Pieces of the rows of one call, which can be computed side by side.

use datafusion::arrow::array::ArrayRef;

use super::adapter::{Series, column_of};
use super::call::NumberedCall;
use super::past::Past;
use super::wave::Layout;
use crate::error::Result;

/// Where a piece begins, and the row before it with which its warm-up begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub warm_up: usize,
    pub from: usize,
}

/// Cuts the rows of a call into pieces of about `rows`. The first has all that came before behind it; each other one
/// begins with a series, or anywhere in one whose calls look back at a window only.
pub(super) fn cuts(call: &NumberedCall, layout: &Layout, rows: usize) -> Vec<Cut> {
    let mut cuts = vec![Cut { warm_up: 0, from: 0 }];
    // A warm-up is work for nothing.
    let rows = if call.can_be_cut { rows.max(4 * call.reach()) } else { rows };
    let wanted = layout.rows / rows.max(1);
    for k in 1..wanted {
        let cut = cut_before(call, layout, layout.rows / wanted * k);
        let after = cuts.last().map_or(0, |last| last.from);
        cuts.extend(cut.filter(|cut| cut.from > after));
    }
    cuts
}

/// The last place at or before a row where a piece may begin in its series.
fn cut_before(call: &NumberedCall, layout: &Layout, row: usize) -> Option<Cut> {
    let start = layout.start_of(row);
    let in_series = start.map_or(layout.before + row, |start| row - start);
    let (mut from, mut warm_up) = (0, 0);
    if call.can_be_cut {
        from = in_series;
        warm_up = from.saturating_sub(call.reach());
    }
    let here = |row: usize| start.map_or_else(|| row.checked_sub(layout.before), |start| Some(start + row));
    Some(Cut { warm_up: here(warm_up)?, from: here(from)? })
}

/// A piece of the rows of one call.
pub(super) struct Piece {
    /// The number of the call.
    pub call: usize,
    pub cut: Cut,
    /// The row behind it.
    pub end: usize,
    /// What has seen the rows before it, if it begins in the middle of a series.
    pub past: Option<Past>,
}

/// What a piece gives.
pub(super) struct Done {
    /// The number of the call.
    pub call: usize,
    /// A column for each batch that the piece touches, with the number of the batch.
    pub columns: Vec<(usize, ArrayRef)>,
    /// What has seen all rows up to the end of the piece.
    pub past: Option<Past>,
}

/// The values of a batch, one column per output.
struct Values {
    batch: usize,
    outputs: Vec<Vec<f64>>,
}

impl Piece {
    /// Computes the piece; `inputs` has the columns of each batch.
    pub fn run(mut self, call: &NumberedCall, layout: &Layout, inputs: &[Vec<Series>]) -> Result<Done> {
        let first = layout.segments.partition_point(|segment| segment.rows.end <= self.cut.warm_up);
        let mut columns: Vec<Values> = vec![];
        for segment in layout.segments[first..].iter().take_while(|segment| segment.rows.start < self.end) {
            let [from, to] = [segment.rows.start.max(self.cut.warm_up), segment.rows.end.min(self.end)];
            if segment.begins && from == segment.rows.start {
                self.past = None;
            }
            let past = self.past.get_or_insert_with(|| Past::new(call));
            let bars = |from: usize, to: usize| -> Vec<&[f64]> {
                let [from, to] = [from, to].map(|row| row - segment.rows.start + segment.offset);
                call.inputs.iter().map(|number| &inputs[segment.batch][*number].values()[from..to]).collect()
            };
            let warm = self.cut.from.clamp(from, to);
            if from < warm {
                past.skip(call, &bars(from, warm));
            }
            if warm == to {
                continue;
            }
            match columns.last_mut().filter(|values| values.batch == segment.batch) {
                Some(values) => past.run(call, &bars(warm, to), &mut values.outputs),
                None => {
                    let mut outputs = vec![vec![]; call.def.outputs.len()];
                    past.run(call, &bars(warm, to), &mut outputs);
                    columns.push(Values { batch: segment.batch, outputs });
                }
            }
        }
        let columns = columns.into_iter().map(|values| Ok((values.batch, column_of(call.def, values.outputs)?)));
        Ok(Done { call: self.call, columns: columns.collect::<Result<_>>()?, past: self.past })
    }
}
