//! Pieces of the rows of one call, which can be computed side by side.

use datafusion::arrow::array::ArrayRef;
use threadx_kernels::indicator::Stream;

use super::adapter::{Series, column_of};
use super::call::NumberedCall;
use super::wave::{Layout, Segment};
use crate::error::Result;

/// Where a piece begins, and the row before it with which its warm-up begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub warm_up: usize,
    pub from: usize,
}

/// Cuts the rows of a call into pieces of about `rows`. The first has all that came before behind it; each other one
/// begins with a series, or in a window at a multiple of its block, and then has the bits of the whole.
pub(super) fn cuts(call: &NumberedCall, layout: &Layout, rows: usize) -> Vec<Cut> {
    let mut cuts = vec![Cut { warm_up: 0, from: 0 }];
    // A warm-up is work for nothing.
    let rows = if call.can_be_cut() { rows.max(4 * ((call.def.lookback)(&call.params) + 1)) } else { rows };
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
    if call.can_be_cut() {
        let block = call.def.block(&call.params);
        from = in_series / block * block;
        warm_up = from.saturating_sub((call.def.lookback)(&call.params) + 1) / block * block;
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
    pub stream: Option<Box<dyn Stream>>,
}

/// What a piece gives.
pub(super) struct Done {
    /// The number of the call.
    pub call: usize,
    /// A column for each batch that the piece touches, with the number of the batch.
    pub columns: Vec<(usize, ArrayRef)>,
    /// What has seen all rows up to the end of the piece.
    pub stream: Option<Box<dyn Stream>>,
}

impl Piece {
    /// Computes the piece; `inputs` has the columns of each batch.
    pub fn run(mut self, call: &NumberedCall, layout: &Layout, inputs: &[Vec<Series>]) -> Result<Done> {
        let first = layout.segments.partition_point(|segment| segment.rows.end <= self.cut.warm_up);
        let feed = |stream: &mut dyn Stream, segment: &Segment, rows: [usize; 2], outputs: &mut [Vec<f64>]| {
            let [from, to] = rows.map(|row| row - segment.rows.start + segment.offset);
            let slice = |number: &usize| &inputs[segment.batch][*number].values()[from..to];
            stream.run(&call.inputs.iter().map(slice).collect::<Vec<_>>(), outputs);
        };
        let empty =
            |capacity| -> Vec<Vec<f64>> { call.def.outputs.iter().map(|_| Vec::with_capacity(capacity)).collect() };
        let mut columns: Vec<(usize, Vec<Vec<f64>>)> = vec![];
        for segment in layout.segments[first..].iter().take_while(|segment| segment.rows.start < self.end) {
            let [from, to] = [segment.rows.start.max(self.cut.warm_up), segment.rows.end.min(self.end)];
            if segment.begins && from == segment.rows.start {
                self.stream = None;
            }
            let stream = self.stream.get_or_insert_with(|| (call.def.stream)(&call.params)).as_mut();
            let warm = self.cut.from.clamp(from, to);
            if from < warm {
                feed(stream, segment, [from, warm], &mut empty(warm - from));
            }
            if warm == to {
                continue;
            }
            if columns.last().is_none_or(|(batch, _)| *batch != segment.batch) {
                let rows = inputs[segment.batch].first().map_or(0, |column| column.values().len());
                columns.push((segment.batch, empty(rows)));
            }
            if let Some((_, outputs)) = columns.last_mut() {
                feed(stream, segment, [warm, to], outputs);
            }
        }
        let columns = columns.into_iter().map(|(batch, outputs)| Ok((batch, column_of(call.def, outputs)?)));
        Ok(Done { call: self.call, columns: columns.collect::<Result<_>>()?, stream: self.stream })
    }
}
