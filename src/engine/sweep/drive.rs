//! Runs a spec: the grid in windows of points, series side by side, rows in the order of series and grid.
//!
//! Cost: each distinct expression once per series, each distinct entry of a group of exits traced once, then a constant
//! number of operations per trade. Memory: the bars and the bank of as many series as there are threads, the rows of a window
//! for some series more, and per thread the columns of one group.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::execution::memory_pool::MemoryPool;
use datafusion::execution::session_state::SessionState;
use datafusion::physical_expr::PhysicalExpr;
use threadx_kernels::metric::{Metric, Variant};
use threadx_kernels::sim::Needs;

use super::bank::BankCounts;
use super::bind::Binder;
use super::bounds::{BOUNDS, Bound};
use super::grid::{ParamGrid, param_arrays};
use super::market::FundingRates;
use super::output::{OutputKind, metric};
use super::plan::Plan;
use super::prepare::{Check, Path, Preparer, Runtime, constant_text};
use super::rules::{Outcomes, Rule};
use super::series_run::{SeriesRun, Window};
use super::spec::RunSpec;
use super::template::Template;
use crate::engine::result::{Checkpoint, UNIT_POINTS};
use crate::engine::series::SeriesKey;
use crate::engine::strategy::ParamValue;
use crate::engine::threads;
use crate::error::{Error, Result};

/// Points that are pruned at a time.
const CHUNK: u64 = 4096;

/// Points that are grouped at a time: what they share is computed once.
const WINDOW: usize = 16_384;

/// As [`WINDOW`], for points that are drawn and share little.
const DRAWN_WINDOW: usize = 2048;

/// Points that are run one after the other between two looks at the sink.
const SINGLY: usize = 64;

/// Series per thread that are run before the rows of the first are handed over: threads wait for each other once for all of
/// them.
const ABREAST: usize = 8;

/// Distinct expressions after which the numbers begin anew, so that memory does not grow with the points.
const MAX_BOUND: usize = 1 << 14;

/// Counters of a run, for `EXPLAIN ANALYZE`.
#[derive(Debug, Default)]
pub struct Counts {
    /// Points of the grid, over all series.
    pub points: AtomicUsize,
    /// Points left after pruning.
    pub kept: AtomicUsize,
    /// Simulations that were run.
    pub simulated: AtomicUsize,
    /// Points that were stored already.
    pub resumed: AtomicUsize,
    /// Groups of points with the same exits.
    pub groups: AtomicUsize,
    /// Entries whose outcome was traced.
    pub traced: AtomicUsize,
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
    /// Funding rates, if the run has some.
    pub funding: Option<FundingRates>,
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
        self.metrics().into_iter().fold(Needs::NONE, |needs, m| needs | m.needs)
    }

    /// What the simulator has to keep for the wanted bounds.
    pub fn bound_needs(&self) -> Needs {
        self.bounds().into_iter().filter_map(Bound::metric).fold(Needs::NONE, |needs, m| needs | m.needs)
    }

    /// The wanted metrics, in the order of the projection; then those whose bounds are wanted.
    fn metrics(&self) -> Vec<&'static Metric> {
        let mut metrics: Vec<_> = self.projection.iter().filter_map(|i| metric(self.schema.field(*i).name())).collect();
        for bounded in self.bounds().into_iter().filter_map(Bound::metric) {
            if !metrics.iter().any(|metric| metric.name == bounded.name) {
                metrics.push(bounded);
            }
        }
        metrics
    }

    /// The bound that a column of the result is.
    pub fn bound(&self, column: &str) -> Option<&'static Bound> {
        BOUNDS.iter().find(|bound| self.spec.bounds && bound.name == column)
    }

    /// The wanted bounds.
    pub fn bounds(&self) -> Vec<&'static Bound> {
        self.projection.iter().filter_map(|i| self.bound(self.schema.field(*i).name())).collect()
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
    pub fn wants_metrics(&self) -> bool {
        !self.metrics().is_empty()
    }

    /// The wanted metrics that the convention of the run defines otherwise.
    pub fn variants(&self) -> Vec<&'static Variant> {
        self.metrics().into_iter().filter_map(|m| self.spec.options.convention.variant(m.name)).collect()
    }

    /// Runs to the end, or until the sink is closed. Blocks, and must not be called on a thread of the async runtime.
    pub fn run(&self, sink: &dyn Sink) -> Result<()> {
        let Some(checkpoint) = self.open_checkpoint(sink)? else { return self.run_all(None, sink).map(drop) };
        let sent = self.run_all(Some(&checkpoint), sink);
        let complete =
            sent.as_ref().is_ok_and(|&sent| !sink.is_closed() && self.limit.is_none_or(|limit| sent < limit));
        // What was computed before an error is kept, too.
        let finished = checkpoint.finish(complete);
        sent.and(finished)
    }

    /// Gives the number of rows that were sent.
    fn run_all(&self, checkpoint: Option<&Checkpoint>, sink: &dyn Sink) -> Result<usize> {
        let runtime = Runtime {
            state: self.state.clone(),
            handle: tokio::runtime::Handle::current(),
            pool: threads::pool(self.spec.options.threads)?,
        };
        self.counts.points.fetch_add(self.total() as usize, Ordering::Relaxed);
        let mut output = Output { sink, limit: self.limit, sent: 0, checkpoint };
        let result = match (self.spec.path.as_ref(), self.spec.output) {
            (Path::Columns(template), OutputKind::Sweep | OutputKind::Backtest) if self.variants().is_empty() => {
                self.run_planned(template, &runtime, &mut output)
            }
            _ => self.run_singly(&runtime, &mut output),
        };
        match result {
            Err(Error::Cancelled) if sink.is_closed() => Ok(output.sent),
            other => other.map(|()| output.sent),
        }
    }

    /// Windows of points by groups; series side by side where one window holds the whole grid.
    fn run_planned(&self, template: &Arc<Template>, runtime: &Runtime, output: &mut Output) -> Result<()> {
        let options = Arc::clone(self.state.config_options());
        let mut binder = Binder::new(Arc::clone(template), options);
        if self.grid.count() > self.window_size() as u64 || self.limit.is_some() || output.checkpoint.is_some() {
            for key in &self.series {
                self.run_windows(key, (template, &mut binder), runtime, output)?;
            }
            return Ok(());
        }
        let mut last: Option<Arc<Window>> = None;
        let threads = runtime.pool.current_num_threads();
        for keys in self.series.chunks(ABREAST * threads) {
            let mut work: Vec<(&SeriesKey, Arc<Window>)> = vec![];
            for key in keys {
                let (ids, points) = self.prune_range(key, 0..self.grid.count(), output.sink)?;
                if ids.is_empty() {
                    continue;
                }
                let window = match &last {
                    Some(window) if window.ids == ids => Arc::clone(window),
                    _ => Arc::new(self.window(template, &mut binder, (ids, points))?),
                };
                last = Some(Arc::clone(&window));
                work.push((key, window));
            }
            let sink = output.sink;
            let each = threads.div_ceil(work.len().max(1));
            // As many series at once as there are threads, each on all threads that have nothing else to do.
            let batches = threads::map(threads, work.len(), |i| {
                let (key, window) = &work[i];
                if sink.is_closed() {
                    return Err(Error::Cancelled);
                }
                let series = SeriesRun::open(self, key, None)?;
                let pool = &runtime.pool;
                let mut compute = |rule: &Rule, needs, points: &[usize], sink: &dyn Sink| {
                    let some = window.plan.as_ref().filter(|_| points.len() < window.points.len());
                    let some = some.map(|plan| plan.of(points));
                    let plan = some.as_ref().or(window.plan.as_ref());
                    let summaries = pool.install(|| series.summaries(plan, (&rule.options, needs), each, sink))?;
                    Ok(Outcomes { summaries, own: vec![] })
                };
                let outcomes = series.by_rule(&window.points, &mut compute, sink)?;
                series.metrics_batch((&window.ids, &window.points), &outcomes)
            });
            for batch in batches {
                if !output.send(batch?) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// One series, window after window.
    fn run_windows(
        &self,
        key: &SeriesKey,
        (template, binder): (&Template, &mut Binder),
        runtime: &Runtime,
        output: &mut Output,
    ) -> Result<()> {
        let mut start = 0;
        let mut series: Option<SeriesRun> = None;
        if self.grid.count() == 0 || !self.series_is_wanted(key)? {
            return Ok(());
        }
        while start < self.grid.count() && !output.is_done() {
            let wanted = match (output.checkpoint, self.limit) {
                // One unit after the other, the same ones whatever the limit.
                (Some(_), _) => UNIT_POINTS,
                (None, Some(limit)) => (limit - output.sent).clamp(1, self.window_size()),
                (None, None) => self.window_size(),
            };
            let end = self.grid.count().min(start + wanted as u64);
            let (ids, points) = self.prune_range(key, start..end, output.sink)?;
            start = end;
            if ids.is_empty() {
                continue;
            }
            let series = match &mut series {
                Some(series) => series,
                empty => empty.insert(SeriesRun::open(self, key, output.checkpoint)?),
            };
            let mut compute = |rule: &Rule, needs, numbers: &[usize], sink: &dyn Sink| {
                let some: Vec<_>;
                let points = match numbers.len() < points.len() {
                    true => {
                        some = numbers.iter().map(|&number| points[number].clone()).collect();
                        &some
                    }
                    false => &points,
                };
                let plan = self.plan(template, binder, points)?;
                let rules = (&rule.options, needs);
                let pool = &runtime.pool;
                let summaries =
                    pool.install(|| series.summaries(plan.as_ref(), rules, pool.current_num_threads(), sink))?;
                Ok(Outcomes { summaries, own: vec![] })
            };
            let outcomes = series.by_rule(&points, &mut compute, output.sink)?;
            if !output.send(series.metrics_batch((&ids, &points), &outcomes)?) {
                return Ok(());
            }
            series.bank.trim();
            if binder.bound().len() > MAX_BOUND {
                binder.clear();
                series.bank.clear();
            }
        }
        Ok(())
    }

    /// Point after point: bodies that are run whole, results with a row per bar or trade, and metrics that need the account
    /// at every bar.
    fn run_singly(&self, runtime: &Runtime, output: &mut Output) -> Result<()> {
        let mut binder = match self.spec.path.as_ref() {
            Path::Columns(template) => Some(Binder::new(Arc::clone(template), Arc::clone(self.state.config_options()))),
            Path::Whole { .. } => None,
        };
        for key in &self.series {
            if self.grid.count() == 0 || !self.series_is_wanted(key)? {
                continue;
            }
            let mut series: Option<SeriesRun> = None;
            for start in (0..self.grid.count()).step_by(CHUNK as usize) {
                let (ids, points) = self.prune_range(key, start..self.grid.count().min(start + CHUNK), output.sink)?;
                if ids.is_empty() {
                    continue;
                }
                let series = match &mut series {
                    Some(series) => series,
                    empty => empty.insert(SeriesRun::open(self, key, output.checkpoint)?),
                };
                let mut preparer = Preparer::new(&self.spec.path, &series.bank, runtime.clone(), series.rows.clone());
                // Simulations by the numbers that this preparer gives, so that neither outlives the other.
                let mut known = HashMap::new();
                for (ids, points) in ids.chunks(SINGLY).zip(points.chunks(SINGLY)) {
                    if output.is_done() {
                        return Ok(());
                    }
                    let batches =
                        series.run_singly((&mut preparer, &mut binder), &mut known, (ids, points), output.sink)?;
                    if !batches.into_iter().all(|batch| output.send(batch)) {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    /// Points that are grouped at a time.
    pub fn window_size(&self) -> usize {
        if self.grid.is_product() { WINDOW } else { DRAWN_WINDOW }
    }

    /// Points with what they share.
    fn window(
        &self,
        template: &Template,
        binder: &mut Binder,
        (ids, points): (Vec<u64>, Vec<Vec<ParamValue>>),
    ) -> Result<Window> {
        let plan = self.plan(template, binder, &points)?;
        Ok(Window { ids, points, plan })
    }

    /// What points share; `None` where no metric is wanted.
    fn plan(&self, template: &Template, binder: &mut Binder, points: &[Vec<ParamValue>]) -> Result<Option<Plan>> {
        self.wants_metrics().then(|| Plan::new(template, binder, points)).transpose()
    }

    /// How a window of points is grouped, for `EXPLAIN`: the first points that are left on the first series.
    pub fn first_plan(&self) -> Result<Option<Plan>> {
        let (Path::Columns(template), Some(key)) = (self.spec.path.as_ref(), self.series.first()) else {
            return Ok(None);
        };
        let mut binder = Binder::new(Arc::clone(template), Arc::clone(self.state.config_options()));
        let ids = (0..self.grid.count().min(self.window_size() as u64)).collect();
        let (_, points) = self.prune_with(key, ids, |_| true)?;
        Plan::new(template, &mut binder, &points).map(Some)
    }

    /// The points of a range that are left; the others count as done.
    fn prune_range(
        &self,
        key: &SeriesKey,
        range: std::ops::Range<u64>,
        sink: &dyn Sink,
    ) -> Result<(Vec<u64>, Vec<Vec<ParamValue>>)> {
        let count = range.end - range.start;
        let (ids, points) = self.prune(key, range.collect())?;
        self.counts.kept.fetch_add(ids.len(), Ordering::Relaxed);
        sink.advance(count - ids.len() as u64);
        Ok((ids, points))
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
                    let has = check.values_text(strategy, &points[row]);
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
                let end = (start + CHUNK).min(self.grid.count());
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

/// Rows on their way out.
struct Output<'a> {
    sink: &'a dyn Sink,
    limit: Option<usize>,
    sent: usize,
    /// Where finished rows are kept.
    checkpoint: Option<&'a Checkpoint>,
}

impl<'a> Output<'a> {
    /// Sends a batch, cut to the limit; `false` means that nobody wants more.
    fn send(&mut self, batch: RecordBatch) -> bool {
        let batch = match self.limit {
            Some(limit) if self.sent + batch.num_rows() > limit => batch.slice(0, limit - self.sent),
            _ => batch,
        };
        self.sent += batch.num_rows();
        self.sink.send(batch) && !self.is_done()
    }

    fn is_done(&self) -> bool {
        self.sink.is_closed() || self.limit.is_some_and(|limit| self.sent >= limit)
    }
}
