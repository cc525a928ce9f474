//! Batches from a thread that may block to a query, several at a time: to hand one over costs more than to sum its rows.

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::DataFusionError;
use datafusion::common::runtime::SpawnedTask;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricBuilder, RecordOutput};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use futures::{TryStreamExt, stream};
use tokio::sync::mpsc;

use crate::error::{Error, Result};

type DfResult<T> = Result<T, DataFusionError>;
type Group = Vec<RecordBatch>;

/// Rows that a group has at most, where one batch has not more already.
const GROUP_ROWS: usize = 1 << 16;

/// Groups that wait to be taken.
const WAITING: usize = 2;

/// What is wanted of the batches of a source.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The schema of the wanted columns.
    pub schema: SchemaRef,
    /// Their positions; `None` = all.
    pub columns: Option<Vec<usize>>,
    /// Rows that a batch has at most.
    pub rows: usize,
    /// Rows in all.
    pub limit: usize,
    /// Where counts go.
    pub metrics: ExecutionPlanMetricsSet,
}

/// What is wanted of a source while it runs.
#[derive(Debug)]
pub struct Demand {
    columns: Option<Vec<usize>>,
    tx: mpsc::Sender<Group>,
    metrics: ExecutionPlanMetricsSet,
}

impl Demand {
    /// Whether a column is wanted, by its position.
    pub fn wants(&self, column: usize) -> bool {
        self.columns.as_ref().is_none_or(|columns| columns.contains(&column))
    }

    /// Whether anybody still waits for rows.
    pub fn goes_on(&self) -> bool {
        !self.tx.is_closed()
    }

    /// What `EXPLAIN ANALYZE` is to show besides the rows.
    pub fn count(&self, name: &'static str, count: usize) {
        MetricBuilder::new(&self.metrics).global_counter(name).add(count);
    }
}

/// The batches that `run` hands over until its `emit` says that no more are wanted.
pub(super) fn batches(
    wanted: Wanted,
    baseline: BaselineMetrics,
    run: impl FnOnce(&Demand, &mut dyn FnMut(RecordBatch) -> bool) -> Result<()> + Send + 'static,
) -> SendableRecordBatchStream {
    let (tx, rx) = mpsc::channel(WAITING);
    let schema = wanted.schema.clone();
    let task = SpawnedTask::spawn_blocking(move || {
        let left = wanted.limit;
        let demand = Demand { columns: wanted.columns.clone(), tx: tx.clone(), metrics: wanted.metrics.clone() };
        let mut giver = Giver { wanted, baseline, tx, left, group: vec![], waiting: 0, given: 0, failed: None };
        let ran = run(&demand, &mut |batch| giver.take(batch));
        // What came before an error is not lost.
        giver.give();
        ran?;
        giver.failed.map_or(Ok(()), Err)
    });
    let groups = stream::try_unfold((rx, task), next);
    let batches = groups.map_ok(|group| stream::iter(group.into_iter().map(Ok))).try_flatten();
    Box::pin(RecordBatchStreamAdapter::new(schema, batches))
}

type Taker = (mpsc::Receiver<Group>, SpawnedTask<DfResult<()>>);

async fn next((mut rx, task): Taker) -> DfResult<Option<(Group, Taker)>> {
    match rx.recv().await {
        Some(group) => Ok(Some((group, (rx, task)))),
        None => {
            task.join_unwind().await.map_err(|e| Error::Internal(format!("a source stopped: {e}")))??;
            Ok(None)
        }
    }
}

/// Gathers batches and hands them over.
struct Giver {
    wanted: Wanted,
    baseline: BaselineMetrics,
    tx: mpsc::Sender<Group>,
    /// Rows that are still wanted.
    left: usize,
    group: Group,
    /// Rows of the group.
    waiting: usize,
    /// Rows that were handed over.
    given: usize,
    failed: Option<DataFusionError>,
}

impl Giver {
    /// Takes a batch, and says whether more are wanted.
    fn take(&mut self, batch: RecordBatch) -> bool {
        let batch = match &self.wanted.columns {
            Some(columns) => batch.project(columns),
            None => Ok(batch),
        };
        match batch {
            Ok(batch) => self.cut(batch),
            Err(error) => {
                self.failed = Some(error.into());
                false
            }
        }
    }

    fn cut(&mut self, batch: RecordBatch) -> bool {
        let mut start = 0;
        while start < batch.num_rows() && self.left > 0 {
            let rows = self.wanted.rows.min(batch.num_rows() - start).min(self.left);
            let piece = if rows == batch.num_rows() { batch.clone() } else { batch.slice(start, rows) };
            (start, self.left, self.waiting) = (start + rows, self.left - rows, self.waiting + rows);
            self.group.push(piece.record_output(&self.baseline));
        }
        // As many as before: whoever stops early has not had much made that is not wanted.
        if self.waiting >= self.given.min(GROUP_ROWS) && !self.give() {
            return false;
        }
        self.left > 0 && !self.tx.is_closed()
    }

    /// Hands the group over, and says whether it was taken.
    fn give(&mut self) -> bool {
        self.given += std::mem::take(&mut self.waiting);
        self.group.is_empty() || self.tx.blocking_send(std::mem::take(&mut self.group)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::datatypes::Schema;
    use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
    use futures::StreamExt;
    use tokio::sync::oneshot;

    use super::*;

    /// A source that computes until nobody waits for it ends when its stream is dropped, and its columns are those asked for.
    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn a_dropped_stream_ends_what_computes_for_it() {
        let wanted = Wanted {
            schema: Arc::new(Schema::empty()),
            columns: Some(vec![1]),
            rows: 10,
            limit: 10,
            metrics: Default::default(),
        };
        let (began, has_begun) = oneshot::channel();
        let (ended, has_ended) = oneshot::channel();
        let baseline = BaselineMetrics::new(&ExecutionPlanMetricsSet::new(), 0);
        let mut stream = batches(wanted, baseline, |demand, _| {
            let _ = began.send([demand.wants(0), demand.wants(1)]);
            while demand.goes_on() {
                std::thread::yield_now();
            }
            let _ = ended.send(());
            Err(Error::Cancelled)
        });
        assert!(futures::poll!(stream.next()).is_pending());
        assert_eq!(has_begun.await, Ok([false, true]));
        drop(stream);
        assert_eq!(has_ended.await, Ok(()));
    }
}
