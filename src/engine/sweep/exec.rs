//! The operator that runs a backtest or a sweep and tells its story in `EXPLAIN`.

use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::compute::{SortOptions, filter_record_batch};
use datafusion::arrow::datatypes::{Float64Type, SchemaRef};
use datafusion::common::DataFusionError;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::execution::TaskContext;
use datafusion::physical_expr::expressions::col as physical_column;
use datafusion::physical_expr::{ConstExpr, EquivalenceProperties, PhysicalExpr, PhysicalSortExpr};
use datafusion::physical_plan::execution_plan::{
    Boundedness, ChildrenPropertiesMode, EmissionType, ReplaceChildrenOptions, SchedulingType, apply_expression_roots,
};
use datafusion::physical_plan::filter_pushdown::{
    ChildPushdownResult, FilterPushdownPhase, FilterPushdownPropagation, PushedDown,
};
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricBuilder, MetricsSet};
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties, SendableRecordBatchStream,
};
use tokio::sync::mpsc::Sender;

use super::bounds::runs_per_combo;
use super::drive::{Driver, Sink};
use super::output::{OutputKind, metric};
use super::prepare::Path;
use super::story::story;
use crate::engine::progress::Progress;
use crate::error::Error;

type DfResult<T> = Result<T, DataFusionError>;

/// Grids up to this size are pruned for `EXPLAIN`, so that it shows how many points are left.
const COUNTED: u64 = 100_000;

/// Runs a backtest or a sweep.
#[derive(Clone)]
pub struct RunExec {
    driver: Arc<Driver>,
    filters: Vec<String>,
    /// Conditions on the result that other operators push down while they run, such as the threshold of a top-k sort.
    dynamic: Vec<Arc<dyn PhysicalExpr>>,
    schema: SchemaRef,
    metrics: ExecutionPlanMetricsSet,
    properties: Arc<PlanProperties>,
}

impl RunExec {
    /// The operator; `filters` are the pushed-down conditions as text.
    pub fn new(driver: Driver, filters: Vec<String>) -> DfResult<Self> {
        let schema = Arc::new(driver.schema.project(&driver.projection)?);
        let properties = PlanProperties::new(
            equivalences(&driver, &schema)?,
            Partitioning::UnknownPartitioning(1),
            EmissionType::Incremental,
            Boundedness::Bounded,
        )
        .with_scheduling_type(SchedulingType::Cooperative);
        Ok(RunExec {
            driver: Arc::new(driver),
            filters,
            dynamic: vec![],
            schema,
            metrics: ExecutionPlanMetricsSet::new(),
            properties: Arc::new(properties),
        })
    }
}

/// One series per bar comes in time order, and its names are the same in every row: nobody has to sort it.
fn equivalences(driver: &Driver, schema: &SchemaRef) -> DfResult<EquivalenceProperties> {
    let mut known = EquivalenceProperties::new(Arc::clone(schema));
    let per_bar = matches!(driver.spec.output, OutputKind::Equity | OutputKind::Signals);
    if driver.series.len() != 1 || !per_bar {
        return Ok(known);
    }
    let column = |name: &str| physical_column(name, schema).ok();
    known.add_constants(["symbol", "timeframe"].into_iter().filter_map(column).map(ConstExpr::from))?;
    if let Some(ts) = column("ts") {
        known.add_ordering([PhysicalSortExpr::new(ts, SortOptions { descending: false, nulls_first: false })]);
    }
    Ok(known)
}

impl fmt::Debug for RunExec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RunExec({})", self.driver.spec.function)
    }
}

impl DisplayAs for RunExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let driver = &self.driver;
        let spec = &driver.spec;
        let series: Vec<String> = driver.series.iter().take(3).map(|k| k.to_string()).collect();
        let more = driver.series.len().saturating_sub(3);
        write!(f, "{}: {} on {}", self.name(), spec.strategy.name, series.join(", "))?;
        if more > 0 {
            write!(f, " and {more} more")?;
        }
        if spec.output == OutputKind::Sweep {
            let total = driver.total();
            match total <= COUNTED {
                true => write!(f, ", combos={} of {total}", driver.count_kept().map_err(|_| fmt::Error)?)?,
                false => write!(f, ", combos={total} before pruning")?,
            }
            write!(f, ", varied=[{}]", driver.grid.varied().join(", "))?;
        }
        if !self.filters.is_empty() {
            write!(f, ", pruned_by=[{}]", self.filters.join(", "))?;
        }
        let wanted: Vec<&str> =
            self.schema.fields().iter().filter_map(|field| metric(field.name())).map(|m| m.name).collect();
        if matches!(spec.output, OutputKind::Sweep | OutputKind::Backtest) {
            write!(f, ", metrics=[{}]", wanted.join(", "))?;
        }
        let bounds: Vec<&str> = driver.bounds().iter().map(|bound| bound.name).collect();
        if !bounds.is_empty() {
            write!(f, ", bounds=[{}] ({})", bounds.join(", "), runs_per_combo(&spec.options.sim))?;
        }
        if let Some(limit) = driver.limit {
            write!(f, ", limit={limit}")?;
        }
        if let Some(checkpoint) = &spec.checkpoint {
            write!(f, ", checkpoint={}", checkpoint.name)?;
        }
        if !self.dynamic.is_empty() {
            let dynamic: Vec<String> = self.dynamic.iter().map(|e| e.to_string()).collect();
            write!(f, ", rows_kept_if=[{}]", dynamic.join(", "))?;
        }
        write!(f, ", path={}, options={}, device=cpu", spec.path.describe(), spec.options.describe())?;
        if spec.output == OutputKind::Sweep {
            match story(driver) {
                Ok(lines) => lines.iter().try_for_each(|line| write!(f, "\n          | {line}"))?,
                Err(error) => write!(f, "\n          | {error}")?,
            }
        }
        Ok(())
    }
}

impl ExecutionPlan for RunExec {
    fn name(&self) -> &str {
        match self.driver.spec.output {
            OutputKind::Sweep => "SweepExec",
            OutputKind::Backtest => "BacktestExec",
            OutputKind::Trades => "TradesExec",
            OutputKind::Equity => "EquityExec",
            OutputKind::Orders => "OrdersExec",
            OutputKind::Signals => "SignalsExec",
        }
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> DfResult<TreeNodeRecursion>,
    ) -> DfResult<TreeNodeRecursion> {
        apply_expression_roots(self.dynamic.iter(), f)
    }

    fn replace_children(
        self: Arc<Self>,
        _: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    #[allow(deprecated)]
    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> DfResult<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    /// Takes conditions that appear while the query runs, such as the current threshold of `ORDER BY ... LIMIT k`. The
    /// sort above still sees every row that passes, so the answer is the same; fewer rows are handed over.
    fn handle_child_pushdown_result(
        &self,
        phase: FilterPushdownPhase,
        result: ChildPushdownResult,
        _: &ConfigOptions,
    ) -> DfResult<FilterPushdownPropagation<Arc<dyn ExecutionPlan>>> {
        let filters: Vec<_> = result.parent_filters.iter().map(|p| Arc::clone(&p.filter)).collect();
        if filters.is_empty() || !matches!(phase, FilterPushdownPhase::Post) {
            return Ok(FilterPushdownPropagation::if_all(result));
        }
        let taken = vec![PushedDown::Yes; filters.len()];
        let mut own = self.clone();
        own.dynamic.extend(filters);
        Ok(FilterPushdownPropagation::with_parent_pushdown_result(taken).with_updated_node(Arc::new(own)))
    }

    fn execute(&self, partition: usize, ctx: Arc<TaskContext>) -> DfResult<SendableRecordBatchStream> {
        let baseline = BaselineMetrics::new(&self.metrics, partition);
        let set = self.metrics.clone();
        let (driver, dynamic) = (Arc::clone(&self.driver), self.dynamic.clone());
        let mut builder = RecordBatchReceiverStreamBuilder::new(Arc::clone(&self.schema), 2);
        let tx = builder.tx();
        let rows = ctx.session_config().batch_size();
        let progress = ctx.session_config().get_extension::<Progress>().filter(|_| driver.is_long());
        builder.spawn_blocking(move || {
            let (timer, start) = (baseline.elapsed_compute().timer(), Instant::now());
            if let Some(progress) = &progress {
                progress.start(driver.total(), "combos");
            }
            let best = Mutex::new(f64::NEG_INFINITY);
            let sink = ChannelSink { tx, dynamic, rows, baseline: baseline.clone(), progress: progress.clone(), best };
            let result = driver.run(&sink);
            if let Some(progress) = &progress {
                progress.finish();
            }
            timer.done();
            report(&driver, (&set, partition), start);
            match result {
                Err(Error::Cancelled) => Ok(()),
                other => Ok(other?),
            }
        });
        Ok(builder.build())
    }
}

fn report(driver: &Driver, (set, partition): (&ExecutionPlanMetricsSet, usize), start: Instant) {
    let counts = &driver.counts;
    let add = |name: String, value: usize| MetricBuilder::new(set).counter(name, partition).add(value);
    let per_second = counts.kept.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64().max(1e-9);
    MetricBuilder::new(set).gauge("combos_per_second", partition).set(per_second as usize);
    if let Path::Columns(template) = driver.spec.path.as_ref() {
        let nodes = counts.bank.nodes.lock().unwrap_or_else(PoisonError::into_inner);
        for (node, times) in nodes.iter() {
            add(format!("evaluated {}", template.label(*node)), *times);
        }
    }
    add("combos".into(), counts.points.load(Ordering::Relaxed));
    add("combos_after_pruning".into(), counts.kept.load(Ordering::Relaxed));
    if driver.spec.checkpoint.is_some() {
        add("combos_resumed".into(), counts.resumed.load(Ordering::Relaxed));
    }
    add("simulations".into(), counts.simulated.load(Ordering::Relaxed));
    add("groups".into(), counts.groups.load(Ordering::Relaxed));
    add("entries_traced".into(), counts.traced.load(Ordering::Relaxed));
    add("expressions_evaluated".into(), counts.bank.computed.load(Ordering::Relaxed));
    add("bank_hits".into(), counts.bank.hits.load(Ordering::Relaxed));
    add("bank_evictions".into(), counts.bank.evicted.load(Ordering::Relaxed));
    MetricBuilder::new(set).gauge("bank_peak_bytes", partition).set(counts.bank.peak_bytes.load(Ordering::Relaxed));
}

struct ChannelSink {
    tx: Sender<DfResult<RecordBatch>>,
    dynamic: Vec<Arc<dyn PhysicalExpr>>,
    rows: usize,
    baseline: BaselineMetrics,
    progress: Option<Arc<Progress>>,
    best: Mutex<f64>,
}

impl ChannelSink {
    /// Shows the best Sharpe ratio so far, where it is one of the columns.
    fn note_best(&self, batch: &RecordBatch) {
        let Some(progress) = &self.progress else { return };
        let Some(values) = batch.column_by_name("sharpe").and_then(|c| c.as_primitive_opt::<Float64Type>()) else {
            return;
        };
        let Some(top) = values.iter().flatten().reduce(f64::max) else { return };
        let mut best = self.best.lock().unwrap_or_else(PoisonError::into_inner);
        if top > *best {
            *best = top;
            progress.best(format!("sharpe {top:.3}"));
        }
    }

    fn pass(&self, batch: RecordBatch) -> DfResult<RecordBatch> {
        let mut batch = batch;
        for filter in &self.dynamic {
            let mask = filter.evaluate(&batch)?.into_array(batch.num_rows())?;
            batch = filter_record_batch(&batch, mask.as_boolean())?;
        }
        Ok(batch)
    }
}

impl Sink for ChannelSink {
    fn send(&self, batch: RecordBatch) -> bool {
        self.note_best(&batch);
        let mut start = 0;
        while start < batch.num_rows() {
            let piece = batch.slice(start, self.rows.min(batch.num_rows() - start));
            start += piece.num_rows();
            let piece = self.pass(piece);
            if let Ok(piece) = &piece {
                self.baseline.record_output(piece.num_rows());
                if piece.num_rows() == 0 {
                    continue;
                }
            }
            if self.tx.blocking_send(piece).is_err() {
                return false;
            }
        }
        true
    }

    fn is_closed(&self) -> bool {
        self.tx.is_closed()
    }

    fn advance(&self, points: u64) {
        if let Some(progress) = &self.progress {
            progress.add(points);
        }
    }
}
