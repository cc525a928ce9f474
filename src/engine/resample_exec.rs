//! `resample(...)` as a table and an operator: gathers a relation of bars, makes longer ones per series.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use datafusion::arrow::compute::{cast, concat_batches};
use datafusion::arrow::datatypes::{DataType, Field, Float64Type, Schema, SchemaRef, TimestampMicrosecondType};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::DataFusionError;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::TableType;
use datafusion::execution::TaskContext;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::execution_plan::{
    Boundedness, ChildrenPropertiesMode, EmissionType, ReplaceChildrenOptions,
};
use datafusion::physical_plan::projection::ProjectionExec;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties, SendableRecordBatchStream,
};
use futures::{StreamExt, TryStreamExt};

use super::import::infer_timeframe;
use super::order::in_time_order;
use super::resample::resample;
use super::series::{Bar, Bars, bars_schema};
use super::timeframe::{Timeframe, format_ts};
use crate::error::{Error, Result};

type DfResult<T> = Result<T, DataFusionError>;

/// A relation of bars to be resampled.
#[derive(Debug)]
pub struct ResampleTable {
    plan: LogicalPlan,
    to: Timeframe,
    from: Option<Timeframe>,
    schema: SchemaRef,
}

impl ResampleTable {
    /// `from` is the timeframe of the relation; else its column `timeframe` or the most common step tells it.
    ///
    /// # Errors
    /// A relation without the columns of bars, or a timeframe that does not divide the other.
    pub fn try_new(plan: LogicalPlan, to: Timeframe, from: Option<Timeframe>) -> Result<Self> {
        let columns = plan.schema().as_arrow();
        for field in bars_schema().fields() {
            if columns.field_with_name(field.name()).is_err() {
                let names = columns.fields().iter().map(|f| f.name().as_str());
                return Err(Error::unknown("column", field.name(), "the relation of resample()", names));
            }
        }
        if let Some(from) = from
            && !from.divides(to)
        {
            return Err(Error::argument(format!("resample(): {to} bars cannot be made from {from} bars")));
        }
        let labels = ["symbol", "timeframe"].into_iter().filter(|n| columns.field_with_name(n).is_ok());
        let mut fields: Vec<_> = labels.map(|n| Arc::new(Field::new(n, DataType::Utf8, false))).collect();
        fields.extend(bars_schema().fields().iter().cloned());
        // Each series comes in time order; one without a label is the only one.
        let labelled = fields.len() > bars_schema().fields().len();
        let schema = in_time_order(&Schema::new(fields), labelled);
        Ok(Self { plan, to, from, schema })
    }

    /// The relation of bars.
    pub fn plan(&self) -> &LogicalPlan {
        &self.plan
    }

    /// The same over another relation with the same columns.
    ///
    /// # Errors
    /// As [`Self::try_new`].
    pub fn over(&self, plan: LogicalPlan) -> Result<Self> {
        Self::try_new(plan, self.to, self.from)
    }

    /// The columns of the result.
    pub fn output_schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

#[async_trait]
impl TableProvider for ResampleTable {
    fn schema(&self) -> SchemaRef {
        self.output_schema()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        _: Option<usize>,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        let input = Arc::new(CoalescePartitionsExec::new(state.create_physical_plan(&self.plan).await?));
        let exec: Arc<dyn ExecutionPlan> = Arc::new(ResampleExec::new(input, self.to, self.from, self.output_schema()));
        let Some(projection) = projection else { return Ok(exec) };
        let column = |i: &usize| {
            let name = self.schema.field(*i).name();
            Ok((datafusion::physical_expr::expressions::col(name, &self.schema)?, name.clone()))
        };
        let columns = projection.iter().map(column).collect::<DfResult<Vec<_>>>()?;
        Ok(Arc::new(ProjectionExec::try_new(columns, exec)?))
    }
}

/// Gathers its input and resamples it.
#[derive(Debug)]
pub struct ResampleExec {
    input: Arc<dyn ExecutionPlan>,
    to: Timeframe,
    from: Option<Timeframe>,
    schema: SchemaRef,
    properties: Arc<PlanProperties>,
}

impl ResampleExec {
    fn new(input: Arc<dyn ExecutionPlan>, to: Timeframe, from: Option<Timeframe>, schema: SchemaRef) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&schema)),
            Partitioning::UnknownPartitioning(1),
            EmissionType::Final,
            Boundedness::Bounded,
        );
        Self { input, to, from, schema, properties: Arc::new(properties) }
    }
}

impl DisplayAs for ResampleExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResampleExec: to {} (complete buckets only)", self.to)
    }
}

impl ExecutionPlan for ResampleExec {
    fn name(&self) -> &str {
        "ResampleExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> DfResult<TreeNodeRecursion>,
    ) -> DfResult<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        let input = children.pop().ok_or_else(|| Error::Internal("ResampleExec without an input".into()))?;
        Ok(Arc::new(Self::new(input, self.to, self.from, Arc::clone(&self.schema))))
    }

    #[allow(deprecated)]
    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> DfResult<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn execute(&self, _: usize, ctx: Arc<TaskContext>) -> DfResult<SendableRecordBatchStream> {
        // More than one partition appears if the optimizer has removed the operator that joins them.
        let input = match self.input.properties().output_partitioning().partition_count() {
            1 => self.input.execute(0, ctx)?,
            _ => CoalescePartitionsExec::new(Arc::clone(&self.input)).execute(0, ctx)?,
        };
        let (to, from, schema) = (self.to, self.from, Arc::clone(&self.schema));
        let stream = futures::stream::once(async move {
            let input_schema = input.schema();
            let batches: Vec<RecordBatch> = input.try_collect().await?;
            let work =
                move || -> Result<RecordBatch> { run(&concat_batches(&input_schema, &batches)?, to, from, &schema) };
            let joined = tokio::task::spawn_blocking(work).await;
            Ok(joined.map_err(|e| Error::Internal(format!("resample() stopped: {e}")))??)
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), stream.boxed())))
    }
}

/// Resamples every series of a relation.
fn run(input: &RecordBatch, to: Timeframe, from: Option<Timeframe>, schema: &SchemaRef) -> Result<RecordBatch> {
    let mut out: (Vec<String>, Bars) = Default::default();
    for ((symbol, timeframe), bars) in split(input)? {
        let place = if symbol.is_empty() { String::new() } else { format!(" of {symbol}") };
        let refuse = |what: String| Error::argument(format!("resample(): bars{place}: {what}"));
        let mut order: Vec<usize> = (0..bars.len()).collect();
        order.sort_by_key(|&i| bars.ts[i]);
        let bars = bars.take(&order);
        if let Some(i) = bars.first_unordered() {
            return Err(refuse(format!("{} appears twice; give each series a `symbol`", format_ts(bars.ts[i]))));
        }
        let named = if timeframe.is_empty() { None } else { Some(Timeframe::parse(&timeframe)?) };
        let from = match from.or(named) {
            Some(from) => from,
            None => infer_timeframe(&bars.ts)
                .map_err(|_| refuse("their timeframe cannot be told; write `from_timeframe => '1m'`".into()))?,
        };
        let longer = if from == to { bars } else { resample(&bars, from, to)? };
        out.0.extend(std::iter::repeat_n(symbol, longer.len()));
        out.1.append(&longer);
    }
    let rows = out.1.len();
    let mut columns: Vec<ArrayRef> = Vec::new();
    if schema.field_with_name("symbol").is_ok() {
        columns.push(Arc::new(StringArray::from(out.0)));
    }
    if schema.field_with_name("timeframe").is_ok() {
        columns.push(Arc::new(StringArray::from_iter_values(std::iter::repeat_n(to.name(), rows))));
    }
    columns.extend(out.1.into_batch()?.columns().iter().cloned());
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// The bars of each symbol and timeframe.
fn split(input: &RecordBatch) -> Result<BTreeMap<(String, String), Bars>> {
    let column = |name: &str, target: &DataType| -> Result<ArrayRef> {
        let array =
            input.column_by_name(name).ok_or_else(|| Error::Internal(format!("resample() lost the column {name}")))?;
        let array = cast(array, target)?;
        match (0..array.len()).find(|&i| array.is_null(i)) {
            Some(row) => Err(Error::argument(format!("resample(): {name} is NULL in row {}", row + 1))),
            None => Ok(array),
        }
    };
    let labels = |name: &str| input.column_by_name(name).map(|_| column(name, &DataType::Utf8)).transpose();
    let (symbols, timeframes) = (labels("symbol")?, labels("timeframe")?);
    let schema = bars_schema();
    let ts = column("ts", schema.field(0).data_type())?;
    let ts = ts.as_primitive::<TimestampMicrosecondType>().values();
    let numbers = ["open", "high", "low", "close", "volume"].map(|n| column(n, &DataType::Float64));
    let [open, high, low, close, volume] = numbers;
    let (open, high, low, close, volume) = (open?, high?, low?, close?, volume?);
    let value = |array: &ArrayRef, i: usize| array.as_primitive::<Float64Type>().value(i);
    let mut series: BTreeMap<(String, String), Bars> = BTreeMap::new();
    for i in 0..input.num_rows() {
        let label = |array: &Option<ArrayRef>| array.as_ref().map_or("", |a| a.as_string::<i32>().value(i)).to_string();
        let bar = Bar {
            ts: ts[i],
            open: value(&open, i),
            high: value(&high, i),
            low: value(&low, i),
            close: value(&close, i),
            volume: value(&volume, i),
        };
        series.entry((label(&symbols), label(&timeframes))).or_default().push(bar);
    }
    Ok(series)
}
