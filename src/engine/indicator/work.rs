//! What the calls of one operator have seen so far, and the next rows for all of them at once.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, RecordBatch};
use datafusion::arrow::compute::concat;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::physical_expr::PhysicalExpr;
use rayon::ThreadPool;
use rayon::prelude::*;

use super::adapter::Series;
use super::call::Calls;
use super::past::Past;
use super::piece::{Done, Piece, cuts};
use super::wave::{Boundaries, Layout};
use crate::error::{Error, Result};

/// Threads for a few batches, and how they share the rows.
pub(super) struct Crew {
    pub pool: Arc<ThreadPool>,
    /// Rows that a piece has at least.
    pub least_rows: usize,
}

/// The calls of an operator and their states.
pub(super) struct Work {
    calls: Arc<Calls>,
    schema: SchemaRef,
    boundaries: Boundaries,
    pasts: Vec<Option<Past>>,
}

/// Pieces for each thread: with some to choose from, all end at about the same time.
const PIECES_PER_THREAD: usize = 4;

impl Work {
    /// Calls over series that these keys tell apart; `schema` is the input's with a column per call.
    pub fn new(calls: Arc<Calls>, keys: Vec<Arc<dyn PhysicalExpr>>, schema: SchemaRef) -> Self {
        let pasts = calls.distinct.iter().map(|_| None).collect();
        Work { calls, schema, boundaries: Boundaries::new(keys), pasts }
    }

    /// The work itself, to be given away for a while.
    pub fn take(&mut self) -> Self {
        let idle = Work::new(Arc::clone(&self.calls), vec![], Arc::clone(&self.schema));
        std::mem::replace(self, idle)
    }

    /// The next batches, none of which is empty, with the columns of the calls, and the number of pieces in which they were
    /// computed. The values are the same with any crew, and with none.
    pub fn run(&mut self, batches: &[RecordBatch], crew: Option<&Crew>) -> Result<(Vec<RecordBatch>, usize)> {
        let layout = self.boundaries.layout(batches)?;
        let arrays = each(crew, batches.iter().collect(), |batch: &RecordBatch| {
            let evaluate = |input: &Arc<dyn PhysicalExpr>| Ok(input.evaluate(batch)?.into_array(batch.num_rows())?);
            self.calls.inputs.iter().map(evaluate).collect::<Result<Vec<ArrayRef>>>()
        })?;
        let inputs = each(crew, arrays.iter().collect(), |batch: &Vec<ArrayRef>| {
            batch.iter().map(Series::new).collect::<Result<Vec<Series>>>()
        })?;
        let pieces = self.pieces(&layout, crew);
        let count = pieces.len();
        let calls = Arc::clone(&self.calls);
        let done = each(crew, pieces, |piece: Piece| {
            let call = &calls.distinct[piece.call];
            piece.run(call, &layout, &inputs)
        })?;
        Ok((self.assemble(batches, done)?, count))
    }

    /// The pieces of all calls, those of one call in the order of their rows.
    fn pieces(&mut self, layout: &Layout, crew: Option<&Crew>) -> Vec<Piece> {
        let rows = crew.map_or(usize::MAX, |crew| {
            let wanted = crew.pool.current_num_threads() * PIECES_PER_THREAD;
            crew.least_rows.max(layout.rows.div_ceil(wanted))
        });
        let mut pieces = vec![];
        for (call, past) in self.pasts.iter_mut().enumerate() {
            let cuts = cuts(&self.calls.distinct[call], layout, rows);
            let ends = cuts.iter().skip(1).map(|next| next.from).chain([layout.rows]);
            let mut past = past.take();
            pieces.extend(cuts.iter().zip(ends).map(|(&cut, end)| Piece { call, cut, end, past: past.take() }));
        }
        pieces
    }

    /// The batches with the columns of the calls.
    fn assemble(&mut self, batches: &[RecordBatch], done: Vec<Done>) -> Result<Vec<RecordBatch>> {
        let mut parts: Vec<Vec<Vec<ArrayRef>>> = vec![vec![vec![]; self.calls.distinct.len()]; batches.len()];
        for piece in done {
            for (batch, column) in piece.columns {
                parts[batch][piece.call].push(column);
            }
            // The last piece of a call has seen everything.
            self.pasts[piece.call] = piece.past;
        }
        let with_columns = |(batch, parts): (&RecordBatch, Vec<Vec<ArrayRef>>)| {
            let results = parts.into_iter().map(join).collect::<Result<Vec<_>>>()?;
            let results = self.calls.columns.iter().map(|number| Arc::clone(&results[*number]));
            let columns = batch.columns().iter().cloned().chain(results).collect();
            Ok(RecordBatch::try_new(Arc::clone(&self.schema), columns)?)
        };
        batches.iter().zip(parts).map(with_columns).collect()
    }
}

/// The column of a batch from its parts; only a batch in which a piece ends has more than one.
fn join(mut parts: Vec<ArrayRef>) -> Result<ArrayRef> {
    match parts.len() {
        0 => Err(Error::Internal("a batch without the column of an indicator".into())),
        1 => Ok(parts.remove(0)),
        _ => Ok(concat(&parts.iter().map(|part| part.as_ref() as &dyn Array).collect::<Vec<_>>())?),
    }
}

/// What `task` gives for each item, in their order.
fn each<T: Send, R: Send>(
    crew: Option<&Crew>,
    items: Vec<T>,
    task: impl Fn(T) -> Result<R> + Send + Sync,
) -> Result<Vec<R>> {
    match crew {
        Some(crew) => crew.pool.install(|| items.into_par_iter().map(task).collect()),
        None => items.into_iter().map(task).collect(),
    }
}
