//! The operator of indicators: adds the columns of its calls to a relation whose series are in order.

use std::fmt;
use std::sync::Arc;

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Statistics};
use datafusion::execution::memory_pool::MemoryConsumer;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{OrderingRequirements, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{
    Boundedness, CardinalityEffect, ChildrenPropertiesMode, EmissionType, ReplaceChildrenOptions,
};
use datafusion::physical_plan::metrics::{ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    ChildStats, DisplayAs, DisplayFormatType, Distribution, ExecutionPlan, InputDistributionRequirements,
    PlanProperties, StatisticsArgs,
};

use super::call::{Call, Calls, Over};
use super::drive::{Drive, Metrics, Order};
use super::work::{Crew, Work};
use crate::engine::config::Settings;
use crate::engine::threads;
use crate::error::Result;

type DfResult<T> = Result<T, DataFusionError>;

/// When several threads share the work.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Values, rows times calls, from which on it is worth it.
    pub parallel_values: usize,
    /// Rows that a piece of a call has at least.
    pub least_rows: usize,
}

impl Default for Pace {
    /// About a millisecond of work, and a fraction of one.
    fn default() -> Self {
        Pace { parallel_values: 1 << 18, least_rows: 1 << 14 }
    }
}

/// Computes indicators over the series of its input, and gives its input with a column per call.
///
/// It stands in for DataFusion's window operator, which calls such a function row by row. Its input comes as that
/// operator needs it, and its output has the same schema and order.
#[derive(Debug)]
pub struct IndicatorExec {
    window: Arc<dyn ExecutionPlan>,
    over: Over,
    calls: Arc<Calls>,
    pace: Pace,
    fetch: Option<usize>,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl IndicatorExec {
    /// The operator in place of a window operator with one input, whose columns are these calls and no others.
    pub fn new(window: Arc<dyn ExecutionPlan>, over: Over, calls: Vec<Call>, pace: Pace) -> Self {
        let calls = Arc::new(Calls::new(calls));
        Self { properties: properties(&window), window, over, calls, pace, fetch: None, metrics: Default::default() }
    }

    /// The same with another window operator or another limit.
    fn with(&self, window: Arc<dyn ExecutionPlan>, fetch: Option<usize>) -> Self {
        Self {
            properties: properties(&window),
            window,
            over: self.over.clone(),
            calls: Arc::clone(&self.calls),
            pace: self.pace,
            fetch,
            metrics: Default::default(),
        }
    }

    /// Whether there is anything that several threads could share.
    fn can_be_shared(&self) -> bool {
        let several = self.calls.distinct.len() > 1 || !self.over.partition_by.is_empty();
        let bounded = matches!(self.properties.boundedness, Boundedness::Bounded);
        // Rows of an input without end are not held back to make a wave.
        bounded && (several || self.calls.distinct.iter().any(|call| call.can_be_cut))
    }

    fn crew(&self, ctx: &TaskContext) -> Result<Option<Arc<Crew>>> {
        let settings = ctx.session_config().options().extensions.get::<Settings>();
        let threads = settings.map_or(0, |settings| settings.threads);
        let is_one = threads == 1 || (threads == 0 && threads::cores() == 1);
        if is_one || !self.can_be_shared() {
            return Ok(None);
        }
        Ok(Some(Arc::new(Crew { pool: threads::query_pool(threads)?, least_rows: self.pace.least_rows })))
    }
}

/// What is known of the rows of the window operator, except that they come as soon as their input does.
fn properties(window: &Arc<dyn ExecutionPlan>) -> Arc<PlanProperties> {
    let mut properties = window.properties().as_ref().clone();
    properties.emission_type = EmissionType::Incremental;
    Arc::new(properties)
}

fn listed<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}

impl DisplayAs for IndicatorExec {
    fn fmt_as(&self, format: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let calls = listed(self.calls.distinct.iter().map(|call| &call.text));
        if matches!(format, DisplayFormatType::TreeRender) {
            return writeln!(f, "calls={calls}");
        }
        write!(f, "IndicatorExec: calls=[{calls}]")?;
        for (name, text) in
            [("partition by", listed(&self.over.partition_by)), ("order by", listed(&self.over.order_by))]
        {
            if !text.is_empty() {
                write!(f, ", {name}=[{text}]")?;
            }
        }
        write!(f, ", mode={}", if self.can_be_shared() { "parallel" } else { "streaming" })?;
        self.fetch.map_or(Ok(()), |fetch| write!(f, ", fetch={fetch}"))
    }
}

impl ExecutionPlan for IndicatorExec {
    fn name(&self) -> &str {
        "IndicatorExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        self.window.children()
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> DfResult<TreeNodeRecursion>,
    ) -> DfResult<TreeNodeRecursion> {
        self.window.apply_expressions(f)
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        vec![true]
    }

    fn required_input_ordering(&self) -> Vec<Option<OrderingRequirements>> {
        self.window.required_input_ordering()
    }

    fn required_input_distribution(&self) -> Vec<Distribution> {
        self.input_distribution_requirements().into_per_child()
    }

    fn input_distribution_requirements(&self) -> InputDistributionRequirements {
        self.window.input_distribution_requirements()
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        options: ReplaceChildrenOptions,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        let window = Arc::clone(&self.window).replace_children(children, options)?;
        Ok(Arc::new(self.with(window, self.fetch)))
    }

    #[allow(deprecated)]
    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> DfResult<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    /// No value depends on a later row, so the first rows of the result need no more of the input. An offset must not go
    /// further down, which is why the operator stops by itself.
    fn with_fetch(&self, limit: Option<usize>) -> Option<Arc<dyn ExecutionPlan>> {
        Some(Arc::new(self.with(Arc::clone(&self.window), limit)))
    }

    fn fetch(&self) -> Option<usize> {
        self.fetch
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }

    fn child_stats_requests(&self, partition: Option<usize>) -> Vec<ChildStats> {
        self.window.child_stats_requests(partition)
    }

    fn statistics_from_inputs(&self, inputs: &[Arc<Statistics>], args: &StatisticsArgs) -> DfResult<Arc<Statistics>> {
        let statistics = self.window.statistics_from_inputs(inputs, args)?;
        match self.fetch {
            Some(_) => Ok(Arc::new(Statistics::clone(&statistics).with_fetch(self.fetch, 0, 1)?)),
            None => Ok(statistics),
        }
    }

    fn cardinality_effect(&self) -> CardinalityEffect {
        if self.fetch.is_some() { CardinalityEffect::LowerEqual } else { CardinalityEffect::Equal }
    }

    fn execute(&self, partition: usize, ctx: Arc<TaskContext>) -> DfResult<SendableRecordBatchStream> {
        let crew = self.crew(&ctx)?;
        let memory = MemoryConsumer::new(format!("IndicatorExec[{partition}]")).register(ctx.memory_pool());
        let input = self.children()[0].execute(partition, ctx)?;
        let order = Order {
            input,
            work: Work::new(Arc::clone(&self.calls), self.over.partition_by.clone(), self.schema()),
            outputs: self.calls.outputs(),
            calls: self.calls.distinct.len(),
            fetch: self.fetch,
            crew,
            pace: self.pace,
            memory,
        };
        let stream = Drive::new(order, Metrics::new(&self.metrics, partition)).into_stream();
        Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), stream)))
    }
}
