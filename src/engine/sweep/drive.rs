//! Runs a spec: series by series, the grid in order, a batch of points at a time.
//!
//! Cost: each distinct expression once per series, one simulation per distinct set of contract columns. Memory: the bars of
//! one series, the bank, and one batch.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryPool};
use datafusion::execution::session_state::SessionState;
use datafusion::physical_expr::PhysicalExpr;
use rayon::prelude::*;
use threadx_kernels::sim::{Bars, Needs, Options, Record, Summary, simulate};

use super::bank::{Bank, BankCounts};
use super::bind::Binder;
use super::grid::{ParamGrid, param_arrays};
use super::output::{
    Label, OutputKind, equity_batch, metric, metric_array, orders_batch, params_text, signals_batch, trades_batch,
};
use super::prepare::{Check, Path, Prepared, Preparer, Runtime, constant_text};
use super::spec::RunSpec;
use crate::engine::series::{Series, SeriesKey};
use crate::engine::strategy::ParamValue;
use crate::error::{Error, Result};

/// Points that are pruned at a time.
const CHUNK: usize = 4096;

/// Points that are prepared and simulated at a time.
const BATCH: usize = 256;

/// Simulations whose result is kept for later points of the same series.
const SUMMARIES_KEPT: usize = 65_536;

/// Counters of a run, for `EXPLAIN ANALYZE`.
#[derive(Debug, Default)]
pub struct Counts {
    /// Points of the grid, over all series.
    pub points: AtomicUsize,
    /// Points left after pruning.
    pub kept: AtomicUsize,
    /// Simulations that were run.
    pub simulated: AtomicUsize,
    /// The bank.
    pub bank: Arc<BankCounts>,
}

/// Where batches go and how a run is told to stop.
pub trait Sink: Sync {
    /// Takes a batch; `false` means that nobody wants more.
    fn send(&self, batch: RecordBatch) -> bool;
    /// Whether nobody wants more.
    fn is_closed(&self) -> bool;
    /// Tells how many more points are done.
    fn advance(&self, points: u64);
}

/// A spec with everything that is known once it runs.
pub struct Driver {
    /// What was asked.
    pub spec: Arc<RunSpec>,
    /// The series.
    pub series: Vec<SeriesKey>,
    /// The points.
    pub grid: ParamGrid,
    /// The schema of the whole result.
    pub schema: SchemaRef,
    /// The columns that are wanted.
    pub projection: Vec<usize>,
    /// Conditions on the key columns.
    pub filters: Vec<Arc<dyn PhysicalExpr>>,
    /// Conditions between parameters.
    pub checks: Vec<Check>,
    /// Most rows that are wanted.
    pub limit: Option<usize>,
    /// The session, for bodies that are run whole.
    pub state: SessionState,
    /// Accounts for memory.
    pub pool: Arc<dyn MemoryPool>,
    /// Counters.
    pub counts: Arc<Counts>,
}

impl Driver {
    /// What the simulator has to keep for the wanted columns.
    pub fn needs(&self) -> Needs {
        let wanted = self.projection.iter().filter_map(|i| metric(self.schema.field(*i).name()));
        wanted.fold(Needs::NONE, |needs, m| needs | m.needs)
    }

    /// Points before pruning, over all series.
    pub fn total(&self) -> u64 {
        self.grid.count().saturating_mul(self.series.len() as u64)
    }

    /// Whether there is anything to watch while it runs.
    pub fn is_long(&self) -> bool {
        self.total() > 1
    }

    /// Whether any metric is read; without one there is nothing to simulate.
    fn wants_metrics(&self) -> bool {
        self.projection.iter().any(|i| metric(self.schema.field(*i).name()).is_some())
    }

    /// Runs to the end, or until the sink is closed. Blocks, and must not be called on a thread of the async runtime.
    pub fn run(&self, sink: &dyn Sink) -> Result<()> {
        let runtime = Runtime {
            state: self.state.clone(),
            handle: tokio::runtime::Handle::current(),
            pool: crate::engine::threads::pool(self.spec.options.threads)?,
        };
        let mut sent = 0;
        let mut binder = match self.spec.path.as_ref() {
            Path::Columns(template) => Some(Binder::new(Arc::clone(template), Arc::clone(self.state.config_options()))),
            Path::Whole { .. } => None,
        };
        for key in &self.series {
            if sink.is_closed() || self.limit.is_some_and(|limit| sent >= limit) {
                return Ok(());
            }
            match self.run_series(key, &runtime, &mut binder, &mut sent, sink) {
                Err(Error::Cancelled) if sink.is_closed() => return Ok(()),
                other => other?,
            }
        }
        Ok(())
    }

    fn run_series(
        &self,
        key: &SeriesKey,
        runtime: &Runtime,
        binder: &mut Option<Binder>,
        sent: &mut usize,
        sink: &dyn Sink,
    ) -> Result<()> {
        self.counts.points.fetch_add(self.grid.count() as usize, Ordering::Relaxed);
        if self.grid.count() == 0 || !self.series_is_wanted(key)? {
            return Ok(());
        }
        let series = self.spec.workspace.store.load(key)?;
        let run = SeriesRun::new(self, Arc::clone(&series), Arc::clone(&runtime.pool))?;
        let reservation = MemoryConsumer::new(format!("columns of {key}")).register(&self.pool);
        reservation.try_grow(series.batch().get_array_memory_size())?;
        let columns = MemoryConsumer::new(format!("bank of {key}")).register(&self.pool);
        let bank = Bank::new(series, columns, self.spec.options.bank_bytes, Arc::clone(&self.counts.bank));
        let mut preparer = Preparer::new(&self.spec.path, bank, runtime.clone());
        let mut summaries = HashMap::new();
        let mut start = 0;
        while start < self.grid.count() {
            let end = (start + CHUNK as u64).min(self.grid.count());
            let ids: Vec<u64> = (start..end).collect();
            let (ids, points) = self.prune(key, ids)?;
            self.counts.kept.fetch_add(ids.len(), Ordering::Relaxed);
            sink.advance((end - start) - ids.len() as u64);
            for (ids, points) in ids.chunks(BATCH).zip(points.chunks(BATCH)) {
                if sink.is_closed() {
                    return Ok(());
                }
                let cancelled = || sink.is_closed();
                let batches = run.batches(&mut preparer, binder, &mut summaries, ids, points, &cancelled)?;
                sink.advance(ids.len() as u64);
                for batch in batches {
                    let batch = match self.limit {
                        Some(limit) if *sent + batch.num_rows() > limit => batch.slice(0, limit - *sent),
                        _ => batch,
                    };
                    *sent += batch.num_rows();
                    if !sink.send(batch) || self.limit.is_some_and(|limit| *sent >= limit) {
                        return Ok(());
                    }
                }
                preparer.bank().trim();
            }
            start = end;
        }
        Ok(())
    }

    /// Whether any condition rules the whole series out, whatever the parameters.
    fn series_is_wanted(&self, key: &SeriesKey) -> Result<bool> {
        let (ids, _) = self.prune_with(key, vec![0], |filter| columns_of(filter).iter().all(|c| *c < 2))?;
        Ok(!ids.is_empty())
    }

    /// The points that pass every condition.
    fn prune(&self, key: &SeriesKey, ids: Vec<u64>) -> Result<(Vec<u64>, Vec<Vec<ParamValue>>)> {
        let (ids, points) = self.prune_with(key, ids, |_| true)?;
        if !self.checks.is_empty() && !ids.is_empty() {
            let batch = self.key_batch(key, &ids, &points, true)?;
            for check in &self.checks {
                if let Some(row) = check.first_failure(&batch)? {
                    let strategy = &self.grid.strategy;
                    let (name, needs) = (&strategy.name, check.text());
                    let has = params_text(strategy, &points[row]);
                    return Err(Error::argument(match self.spec.output {
                        OutputKind::Sweep => format!(
                            "strategy `{name}` needs {needs}, but combo {} has {has}; prune the grid with WHERE {needs}",
                            ids[row]
                        ),
                        _ => format!("strategy `{name}` needs {needs}, got {has}"),
                    }));
                }
            }
        }
        Ok((ids, points))
    }

    fn prune_with(
        &self,
        key: &SeriesKey,
        ids: Vec<u64>,
        applies: impl Fn(&Arc<dyn PhysicalExpr>) -> bool,
    ) -> Result<(Vec<u64>, Vec<Vec<ParamValue>>)> {
        let points: Vec<Vec<ParamValue>> = ids.iter().map(|&id| self.grid.point(id)).collect();
        if self.filters.is_empty() {
            return Ok((ids, points));
        }
        let batch = self.key_batch(key, &ids, &points, false)?;
        let mut keep = vec![true; ids.len()];
        for filter in self.filters.iter().filter(|f| applies(f)) {
            let mask = filter.evaluate(&batch)?.into_array(ids.len())?;
            let mask = mask.as_boolean();
            keep.iter_mut().enumerate().for_each(|(row, keep)| *keep &= mask.is_valid(row) && mask.value(row));
        }
        Ok(ids.into_iter().zip(points).zip(keep).filter_map(|(row, keep)| keep.then_some(row)).unzip())
    }

    /// The key columns of some points; checks between parameters see the parameters alone.
    fn key_batch(
        &self,
        key: &SeriesKey,
        ids: &[u64],
        points: &[Vec<ParamValue>],
        only_params: bool,
    ) -> Result<RecordBatch> {
        let strategy = &self.grid.strategy;
        let mut arrays: Vec<ArrayRef> = vec![];
        let mut fields = self.spec.output.key_columns(strategy);
        if only_params {
            fields = super::grid::param_fields(strategy);
        } else {
            arrays.push(constant_text(key.symbol.as_str(), ids.len())?);
            arrays.push(constant_text(key.timeframe.name(), ids.len())?);
        }
        if only_params || self.spec.output == OutputKind::Sweep {
            arrays.extend(param_arrays(strategy, ids, points)?);
        }
        Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
    }

    /// Points left after pruning, for `EXPLAIN`.
    pub fn count_kept(&self) -> Result<u64> {
        let mut kept = 0;
        for key in &self.series {
            let mut start = 0;
            while start < self.grid.count() {
                let end = (start + CHUNK as u64).min(self.grid.count());
                kept += self.prune_with(key, (start..end).collect(), |_| true)?.0.len() as u64;
                start = end;
            }
        }
        Ok(kept)
    }
}

fn columns_of(expr: &Arc<dyn PhysicalExpr>) -> Vec<usize> {
    datafusion::physical_expr::utils::collect_columns(expr).into_iter().map(|c| c.index()).collect()
}

/// One series of a run.
struct SeriesRun<'a> {
    driver: &'a Driver,
    series: Arc<Series>,
    rows: std::ops::Range<usize>,
    options: Options,
    needs: Needs,
    pool: Arc<rayon::ThreadPool>,
}

impl<'a> SeriesRun<'a> {
    fn new(driver: &'a Driver, series: Arc<Series>, pool: Arc<rayon::ThreadPool>) -> Result<Self> {
        let run = &driver.spec.options;
        let rows = series.rows_between(run.since, run.until);
        if rows.is_empty() {
            let covers = match (series.ts().first(), series.ts().last()) {
                (Some(first), Some(last)) => format!(
                    "the series covers {} to {}",
                    crate::engine::timeframe::format_ts(*first),
                    crate::engine::timeframe::format_ts(*last)
                ),
                _ => "the series is empty".into(),
            };
            return Err(Error::argument(format!("{} has no bars between `since` and `until`; {covers}", series.key())));
        }
        let options = run.for_series(&series, &rows);
        Ok(SeriesRun { driver, series, rows, options, needs: driver.needs(), pool })
    }

    fn bars(&self) -> Bars<'_> {
        let (series, rows) = (&self.series, self.rows.clone());
        Bars {
            ts: &series.ts()[rows.clone()],
            open: &series.open()[rows.clone()],
            high: &series.high()[rows.clone()],
            low: &series.low()[rows.clone()],
            close: &series.close()[rows],
        }
    }

    fn label(&self, point: &[ParamValue]) -> Label {
        let key = self.series.key();
        Label {
            symbol: key.symbol.to_string(),
            timeframe: key.timeframe.name().to_string(),
            strategy: self.driver.grid.strategy.name.clone(),
            params: params_text(&self.driver.grid.strategy, point),
        }
    }

    fn batches(
        &self,
        preparer: &mut Preparer,
        binder: &mut Option<Binder>,
        summaries: &mut HashMap<Vec<usize>, Summary>,
        ids: &[u64],
        points: &[Vec<ParamValue>],
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<RecordBatch>> {
        match self.driver.spec.output {
            OutputKind::Sweep | OutputKind::Backtest => {
                let summaries = match self.driver.wants_metrics() {
                    true => {
                        let prepared = preparer.prepare(binder, points, cancelled)?;
                        self.simulate_all(&prepared, summaries, cancelled)?
                    }
                    false => vec![],
                };
                Ok(vec![self.metrics_batch(ids, points, &summaries)?])
            }
            OutputKind::Signals => points
                .iter()
                .map(|point| {
                    let own = preparer.all_columns(binder, point)?;
                    let bars = self.series.batch();
                    let batch = signals_batch(&self.driver.schema, &self.label(point), bars, &own, self.rows.clone())?;
                    self.project(&batch)
                })
                .collect(),
            _ => {
                let prepared = preparer.prepare(binder, points, cancelled)?;
                points.iter().zip(&prepared).map(|(point, prepared)| self.recorded(point, prepared)).collect()
            }
        }
    }

    fn simulate_all(
        &self,
        prepared: &[Prepared],
        known: &mut HashMap<Vec<usize>, Summary>,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Vec<Summary>> {
        if known.len() > SUMMARIES_KEPT {
            known.clear();
        }
        let mut seen = std::collections::HashSet::new();
        let new: Vec<&Prepared> =
            prepared.iter().filter(|p| !known.contains_key(&p.key) && seen.insert(&p.key)).collect();
        let bars = self.bars();
        let run = |prepared: &&Prepared| {
            if cancelled() {
                return Err(Error::Cancelled);
            }
            let signals = prepared.signals(self.rows.clone());
            Ok(simulate(&bars, &signals, &self.options, self.needs, &mut Record::none()))
        };
        let results: Vec<Summary> = self.pool.install(|| new.par_iter().map(run).collect::<Result<_>>())?;
        self.driver.counts.simulated.fetch_add(results.len(), Ordering::Relaxed);
        known.extend(new.iter().map(|p| p.key.clone()).zip(results));
        Ok(prepared.iter().map(|p| known[&p.key]).collect())
    }

    fn metrics_batch(&self, ids: &[u64], points: &[Vec<ParamValue>], summaries: &[Summary]) -> Result<RecordBatch> {
        let driver = self.driver;
        let strategy = &driver.grid.strategy;
        let params = param_arrays(strategy, ids, points)?;
        let key = self.series.key();
        let mut columns = Vec::with_capacity(driver.projection.len());
        for &index in &driver.projection {
            let name = driver.schema.field(index).name().as_str();
            let column = match (name, index) {
                (_, 0) => constant_text(key.symbol.as_str(), ids.len())?,
                (_, 1) => constant_text(key.timeframe.name(), ids.len())?,
                ("strategy", 2) if driver.spec.output == OutputKind::Backtest => {
                    constant_text(&strategy.name, ids.len())?
                }
                ("params", 3) if driver.spec.output == OutputKind::Backtest => {
                    constant_text(&params_text(strategy, &points[0]), ids.len())?
                }
                _ => match metric(name) {
                    Some(metric) => metric_array(metric, summaries),
                    None if name == "combo_id" => Arc::clone(&params[0]),
                    None => Arc::clone(&params[strategy.param(name)?.0 + 1]),
                },
            };
            columns.push(column);
        }
        let rows = RecordBatchOptions::new().with_row_count(Some(ids.len()));
        Ok(RecordBatch::try_new_with_options(self.projected_schema()?, columns, &rows)?)
    }

    fn recorded(&self, point: &[ParamValue], prepared: &Prepared) -> Result<RecordBatch> {
        let bars = self.bars();
        let mut record = self.driver.spec.output.record();
        simulate(&bars, &prepared.signals(self.rows.clone()), &self.options, Needs::NONE, &mut record);
        self.driver.counts.simulated.fetch_add(1, Ordering::Relaxed);
        let (schema, label) = (&self.driver.schema, self.label(point));
        let batch = match (&record.trades, &record.orders, &record.equity) {
            (Some(trades), _, _) => trades_batch(schema, &label, bars.ts, trades)?,
            (_, Some(orders), _) => orders_batch(schema, &label, bars.ts, orders)?,
            (_, _, Some(curve)) => equity_batch(schema, &label, bars.ts, bars.close, curve)?,
            _ => return Err(Error::Internal("a run that records nothing".into())),
        };
        self.project(&batch)
    }

    fn project(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        Ok(batch.project(&self.driver.projection)?)
    }

    fn projected_schema(&self) -> Result<SchemaRef> {
        Ok(Arc::new(self.driver.schema.project(&self.driver.projection)?))
    }
}
