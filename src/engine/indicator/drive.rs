//! The rows of an operator of indicators as they come: batch by batch, or in growing waves on several threads.

use std::collections::VecDeque;
use std::sync::Arc;

use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::common::DataFusionError;
use datafusion::common::runtime::SpawnedTask;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::physical_plan::metrics::{
    BaselineMetrics, Count, ExecutionPlanMetricsSet, MetricBuilder, RecordOutput,
};
use futures::{Stream, StreamExt, future, stream};

use super::exec::Pace;
use super::work::{Crew, Work};
use crate::error::{Error, Result};

type DfResult<T> = Result<T, DataFusionError>;

/// Bytes of rows and results that a wave has at most, where one batch has not more already.
const WAVE_BYTES: usize = 64 << 20;

/// Rows that a wave has at most.
const WAVE_ROWS: usize = 1 << 20;

/// What the operator says about a run in `EXPLAIN ANALYZE`.
pub(super) struct Metrics {
    baseline: BaselineMetrics,
    parallel_rows: Count,
    pieces: Count,
    waves_cut_by_memory: Count,
}

impl Metrics {
    pub fn new(set: &ExecutionPlanMetricsSet, partition: usize) -> Self {
        let counter = |name: &'static str| MetricBuilder::new(set).counter(name, partition);
        Metrics {
            baseline: BaselineMetrics::new(set, partition),
            parallel_rows: counter("parallel_rows"),
            pieces: counter("pieces"),
            waves_cut_by_memory: counter("waves_cut_by_memory"),
        }
    }
}

/// Batches that are computed together.
struct Wave {
    batches: Vec<RecordBatch>,
    rows: usize,
    bytes: usize,
    memory: MemoryReservation,
}

/// What is to be done, and with what.
pub(super) struct Order {
    pub input: SendableRecordBatchStream,
    pub work: Work,
    /// Columns of numbers that the work gives.
    pub outputs: usize,
    /// Different calls.
    pub calls: usize,
    /// Rows after which nobody wants more.
    pub fetch: Option<usize>,
    /// Threads; `None` goes batch by batch.
    pub crew: Option<Arc<Crew>>,
    pub pace: Pace,
    pub memory: MemoryReservation,
}

/// A run of the operator.
pub(super) struct Drive {
    order: Order,
    metrics: Metrics,
    /// Rows that have come.
    seen: usize,
    /// Rows that are still wanted.
    left: usize,
    ended: bool,
    /// An error of the input, to be told once the rows before it are.
    failed: Option<DataFusionError>,
    /// Gathered while the one before was computed.
    gathered: Option<Wave>,
    ready: VecDeque<RecordBatch>,
    /// Held by what is ready.
    held: Option<MemoryReservation>,
}

impl Drive {
    pub fn new(order: Order, metrics: Metrics) -> Self {
        let left = order.fetch.unwrap_or(usize::MAX);
        let (gathered, ready, held) = (None, VecDeque::new(), None);
        Drive { order, metrics, seen: 0, left, ended: left == 0, failed: None, gathered, ready, held }
    }

    /// The batches with their results, one for each that comes.
    pub fn into_stream(self) -> impl Stream<Item = DfResult<RecordBatch>> {
        stream::try_unfold(self, Drive::next)
    }

    async fn next(mut self) -> DfResult<Option<(RecordBatch, Self)>> {
        loop {
            if let Some(batch) = self.ready.pop_front() {
                return Ok(Some((batch.record_output(&self.metrics.baseline), self)));
            }
            self.held = None;
            let wave = match self.gathered.take() {
                Some(wave) => wave,
                None => match self.gather().await {
                    Some(wave) => wave,
                    None => return self.failed.take().map_or(Ok(None), Err),
                },
            };
            self.compute(wave).await?;
        }
    }

    async fn compute(&mut self, wave: Wave) -> DfResult<()> {
        let large = wave.rows.saturating_mul(self.order.calls) >= self.order.pace.parallel_values;
        let Some(crew) = self.order.crew.clone().filter(|_| large) else {
            let _timer = self.metrics.baseline.elapsed_compute().timer();
            self.ready = self.order.work.run(&wave.batches, None)?.0.into();
            self.held = Some(wave.memory);
            return Ok(());
        };
        let mut work = self.order.work.take();
        let time = self.metrics.baseline.elapsed_compute().clone();
        let task = SpawnedTask::spawn_blocking(move || {
            let _timer = time.timer();
            let done = work.run(&wave.batches, Some(&crew));
            (work, done, wave.memory, wave.rows)
        });
        let (joined, gathered) = future::join(task.join(), self.gather()).await;
        self.gathered = gathered;
        let (work, done, memory, rows) =
            joined.map_err(|e| Error::Internal(format!("the computation of indicators stopped: {e}")))?;
        let (batches, pieces) = done?;
        self.order.work = work;
        self.metrics.parallel_rows.add(rows);
        self.metrics.pieces.add(pieces);
        (self.ready, self.held) = (batches.into(), Some(memory));
        Ok(())
    }

    /// The next wave: one batch without a crew, else as many rows as came before, up to a bound. So a small input pays
    /// nothing, and who stops early has not had much computed that is not wanted.
    async fn gather(&mut self) -> Option<Wave> {
        let mut wave = Wave { batches: vec![], rows: 0, bytes: 0, memory: self.order.memory.new_empty() };
        let wanted = if self.order.crew.is_some() { self.seen.min(WAVE_ROWS) } else { 0 };
        while !self.ended {
            match self.order.input.next().await {
                None => self.ended = true,
                Some(Err(error)) => (self.failed, self.ended) = (Some(error), true),
                Some(Ok(batch)) if batch.num_rows() == 0 => {}
                Some(Ok(batch)) => {
                    let batch = batch.slice(0, batch.num_rows().min(self.left));
                    (self.left, self.seen) = (self.left - batch.num_rows(), self.seen + batch.num_rows());
                    self.ended = self.left == 0;
                    if self.is_full(&mut wave, batch, wanted) {
                        break;
                    }
                }
            }
        }
        (!wave.batches.is_empty()).then_some(wave)
    }

    /// Adds a batch to a wave, and says whether that is enough.
    fn is_full(&self, wave: &mut Wave, batch: RecordBatch, wanted: usize) -> bool {
        wave.rows += batch.num_rows();
        let fits = wanted == 0 || {
            let bytes = bytes_of(&batch) + batch.num_rows() * self.order.outputs * size_of::<f64>();
            wave.bytes += bytes;
            wave.memory.try_grow(bytes).is_ok()
        };
        wave.batches.push(batch);
        if !fits {
            self.metrics.waves_cut_by_memory.add(1);
        }
        !fits || wave.rows >= wanted || wave.bytes >= WAVE_BYTES
    }
}

/// The bytes of a batch that is perhaps part of a larger one.
fn bytes_of(batch: &RecordBatch) -> usize {
    let of = |column: &dyn Array| {
        column.to_data().get_slice_memory_size().unwrap_or_else(|_| column.get_array_memory_size())
    };
    batch.columns().iter().map(|column| of(column.as_ref())).sum()
}
