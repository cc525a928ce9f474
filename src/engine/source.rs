//! Relations that are read or made when the query runs: a table provider and its operator for anything that can hand
//! over batches.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray};
use datafusion::arrow::compute::SortOptions;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::DataFusionError;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::TableType;
use datafusion::execution::TaskContext;
use datafusion::logical_expr::Expr;
use datafusion::physical_expr::expressions::col;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr, PhysicalSortExpr};
use datafusion::physical_plan::execution_plan::{
    Boundedness, ChildrenPropertiesMode, EmissionType, ReplaceChildrenOptions, SchedulingType,
};
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties, SendableRecordBatchStream,
};

pub use super::handover::Demand;
use super::handover::{Wanted, batches};
use super::order::in_time_order;
use super::series::{SeriesKey, bars_schema};
use super::timeframe::Timeframe;
use crate::error::Result;

type DfResult<T> = Result<T, DataFusionError>;

/// Something that hands over batches of one schema.
pub trait Source: Any + fmt::Debug + Send + Sync {
    /// Name of the operator in `EXPLAIN`, such as `BarsExec`.
    fn name(&self) -> &'static str;

    /// What `EXPLAIN` says about it.
    fn describe(&self) -> String;

    /// The columns of the batches.
    fn schema(&self) -> SchemaRef;

    /// Columns by which the rows are in ascending order; none if they are in no order.
    fn order(&self) -> &'static [&'static str] {
        &[]
    }

    /// Columns that have one value in all rows.
    fn constants(&self) -> &'static [&'static str] {
        &[]
    }

    /// The same as it was known at `time`, microseconds UTC: of bars those that were over by then. `None` where that cannot
    /// be told.
    fn as_of(&self, time: i64) -> Option<Arc<dyn Source>> {
        let _ = time;
        None
    }

    /// The timeframes of its bars, where it gives bars.
    fn timeframes(&self) -> Vec<Timeframe> {
        vec![]
    }

    /// Refuses while the query is planned what would fail when it runs; looks at no more than names.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// Hands over all batches until `emit` says that no more are wanted. Runs on a thread that may block; one that computes for
    /// long before it has a batch asks `demand` whether it is still wanted. Columns that are not wanted may hold anything.
    fn run(&self, demand: &Demand, emit: &mut dyn FnMut(RecordBatch) -> bool) -> Result<()>;
}

/// Columns of bars with their series: `symbol, timeframe, ts, open, high, low, close, volume`.
pub fn labelled_schema() -> SchemaRef {
    static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
        let mut fields: Vec<_> =
            ["symbol", "timeframe"].map(|n| Arc::new(Field::new(n, DataType::Utf8, false))).into_iter().collect();
        fields.extend(bars_schema().fields().iter().cloned());
        Arc::new(Schema::new(fields))
    });
    Arc::clone(&SCHEMA)
}

/// Rows of the pieces that labelled bars come in: several batches, because they are handed over together.
const PIECE_ROWS: usize = 1 << 17;

/// Bars with the two columns that name their series, piece by piece: all pieces share the same few names.
///
/// # Errors
/// A batch that has not the schema of bars, which is a defect.
pub fn labelled(key: &SeriesKey, bars: &RecordBatch) -> impl Iterator<Item = Result<RecordBatch>> {
    let rows = bars.num_rows();
    let column = |text: &str| -> ArrayRef { Arc::new(StringArray::new_repeated(text, rows.min(PIECE_ROWS))) };
    let labels = [column(key.symbol.as_str()), column(key.timeframe.name())];
    (0..rows).step_by(PIECE_ROWS).map(move |start| {
        let piece = bars.slice(start, PIECE_ROWS.min(rows - start));
        let labels = labels.iter().map(|label| label.slice(0, piece.num_rows()));
        let columns = labels.chain(piece.columns().iter().cloned()).collect();
        Ok(RecordBatch::try_new(labelled_schema(), columns)?)
    })
}

/// The schema of a source, with the mark of time order where its rows are in it.
fn ordered_schema(source: &dyn Source) -> SchemaRef {
    match source.order() {
        ["ts"] => in_time_order(&source.schema(), false),
        ["symbol", "timeframe", "ts"] => in_time_order(&source.schema(), true),
        _ => source.schema(),
    }
}

/// A source as a table.
#[derive(Debug)]
pub struct SourceTable {
    source: Arc<dyn Source>,
}

impl SourceTable {
    /// The table.
    pub fn new(source: impl Source) -> Self {
        Self { source: Arc::new(source) }
    }

    /// The source.
    pub fn source(&self) -> &dyn Source {
        self.source.as_ref()
    }

    /// The source, if it is an `S`.
    pub fn source_as<S: Source>(&self) -> Option<&S> {
        let source: &dyn Any = self.source.as_ref();
        source.downcast_ref()
    }

    /// The table as it was known at `time`, see [`Source::as_of`].
    pub fn as_of(&self, time: i64) -> Option<Self> {
        self.source.as_of(time).map(|source| Self { source })
    }
}

#[async_trait]
impl TableProvider for SourceTable {
    fn schema(&self) -> SchemaRef {
        ordered_schema(self.source.as_ref())
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        limit: Option<usize>,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        self.source.check()?;
        Ok(Arc::new(SourceExec::new(Arc::clone(&self.source), self.schema(), projection.cloned(), limit)?))
    }
}

/// Runs a source.
#[derive(Debug)]
pub struct SourceExec {
    source: Arc<dyn Source>,
    projection: Option<Vec<usize>>,
    limit: Option<usize>,
    schema: SchemaRef,
    metrics: ExecutionPlanMetricsSet,
    properties: Arc<PlanProperties>,
}

impl SourceExec {
    /// The operator for the given columns and at most `limit` rows; `full` is the schema of the table that it serves.
    ///
    /// # Errors
    /// A projection outside the schema.
    pub fn new(
        source: Arc<dyn Source>,
        full: SchemaRef,
        projection: Option<Vec<usize>>,
        limit: Option<usize>,
    ) -> DfResult<Self> {
        let schema = projection.as_ref().map_or(Ok(Arc::clone(&full)), |p| full.project(p).map(Arc::new))?;
        let properties = PlanProperties::new(
            equivalences(source.as_ref(), &schema),
            Partitioning::UnknownPartitioning(1),
            EmissionType::Incremental,
            Boundedness::Bounded,
        )
        .with_scheduling_type(SchedulingType::Cooperative);
        let metrics = ExecutionPlanMetricsSet::new();
        Ok(Self { source, projection, limit, schema, metrics, properties: Arc::new(properties) })
    }
}

/// The order of the rows as far as the projection has its columns.
fn equivalences(source: &dyn Source, schema: &SchemaRef) -> EquivalenceProperties {
    let mut known = EquivalenceProperties::new(Arc::clone(schema));
    let options = SortOptions { descending: false, nulls_first: false };
    let order: Vec<PhysicalSortExpr> = source
        .order()
        .iter()
        .filter(|name| !source.constants().contains(name))
        .map_while(|name| col(name, schema).ok())
        .map(|expr| PhysicalSortExpr::new(expr, options))
        .collect();
    if !order.is_empty() {
        known.add_ordering(order);
    }
    let constants = source.constants().iter().filter_map(|name| col(name, schema).ok());
    let _ = known.add_constants(constants.map(datafusion::physical_expr::ConstExpr::from));
    known
}

impl DisplayAs for SourceExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source.name(), self.source.describe())?;
        match self.limit {
            Some(limit) => write!(f, ", limit={limit}"),
            None => Ok(()),
        }
    }
}

impl ExecutionPlan for SourceExec {
    fn name(&self) -> &str {
        self.source.name()
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> DfResult<TreeNodeRecursion>,
    ) -> DfResult<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
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

    fn execute(&self, partition: usize, ctx: Arc<TaskContext>) -> DfResult<SendableRecordBatchStream> {
        let baseline = BaselineMetrics::new(&self.metrics, partition);
        let wanted = Wanted {
            schema: Arc::clone(&self.schema),
            columns: self.projection.clone(),
            rows: ctx.session_config().batch_size().max(1),
            limit: self.limit.unwrap_or(usize::MAX),
            metrics: self.metrics.clone(),
        };
        let source = Arc::clone(&self.source);
        Ok(batches(wanted, baseline, move |demand, emit| source.run(demand, emit)))
    }
}
