//! `LATERAL f(column)`: a table function called once for each row of the relation on its left.
//!
//! DataFusion has no such join, so the planner hook yields an unbound [`Lateral`] node, the analyzer rule [`BindLateral`]
//! takes the left side of the join as its input, and [`LateralPlanner`] makes the operator that runs it.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{Array, ArrayRef, RecordBatch, UInt32Array, new_null_array};
use datafusion::arrow::compute::{cast, take};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::catalog::Session;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, DFSchemaRef, DataFusionError, JoinType, ScalarValue, TableReference};
use datafusion::execution::TaskContext;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{
    EmptyRelation, Expr, Extension, LogicalPlan, SubqueryAlias, UserDefinedLogicalNode, UserDefinedLogicalNodeCore,
};
use datafusion::optimizer::AnalyzerRule;
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{
    ChildrenPropertiesMode, EmissionType, ExecutionPlanProperties, ReplaceChildrenOptions, apply_expression_roots,
};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, SendableRecordBatchStream, execute_stream,
};
use datafusion::physical_planner::{ExtensionPlanner, PhysicalPlanner};
use futures::{StreamExt, TryStreamExt};

use crate::error::{Error, Result};
use crate::udf::args::{Arg, Call, resolve};
use crate::udf::table::{Context, TableFunction};

type DfResult<T> = std::result::Result<T, DataFusionError>;

/// A table function whose arguments hold columns of its input.
#[derive(Clone)]
pub struct Lateral {
    def: &'static TableFunction,
    context: Context,
    args: Vec<(Option<String>, Arg)>,
    /// The expressions of `args` that hold columns, in the order in which they are met.
    exprs: Vec<Expr>,
    input: LogicalPlan,
    /// Keeps rows of the input without a result, as `LEFT JOIN LATERAL ... ON true` does.
    outer: bool,
    bound: bool,
    function_schema: DFSchemaRef,
    schema: DFSchemaRef,
}

impl Lateral {
    /// The node before its input is known.
    pub fn unbound(
        def: &'static TableFunction,
        context: Context,
        args: Vec<(Option<String>, Arg)>,
        qualifier: TableReference,
        schema: &SchemaRef,
    ) -> Result<Self> {
        let function_schema = Arc::new(DFSchema::try_from_qualified_schema(qualifier, &nullable(schema))?);
        let mut exprs = vec![];
        collect_outer(&args, &mut exprs);
        let input =
            LogicalPlan::EmptyRelation(EmptyRelation { produce_one_row: true, schema: Arc::new(DFSchema::empty()) });
        Ok(Lateral {
            def,
            context,
            args,
            exprs,
            input,
            outer: false,
            bound: false,
            schema: Arc::clone(&function_schema),
            function_schema,
        })
    }

    fn bind(&self, input: LogicalPlan, outer: bool, output: &DFSchemaRef) -> DfResult<Self> {
        let exprs = self
            .exprs
            .iter()
            .cloned()
            .map(|expr| {
                expr.transform(|expr| {
                    Ok(match expr {
                        Expr::OuterReferenceColumn(_, column) => Transformed::yes(Expr::Column(column)),
                        other => Transformed::no(other),
                    })
                })
                .data()
            })
            .collect::<DfResult<Vec<_>>>()?;
        Ok(Lateral { exprs, input, outer, bound: true, schema: Arc::clone(output), ..self.clone() })
    }
}

fn collect_outer(args: &[(Option<String>, Arg)], into: &mut Vec<Expr>) {
    for (_, arg) in args {
        match arg {
            Arg::Outer(expr) => into.push(expr.clone()),
            Arg::Call(call) => collect_outer(&call.args, into),
            _ => {}
        }
    }
}

fn fill_outer(
    args: &[(Option<String>, Arg)],
    values: &mut impl Iterator<Item = ScalarValue>,
) -> Vec<(Option<String>, Arg)> {
    args.iter()
        .map(|(name, arg)| {
            let arg = match arg {
                Arg::Outer(_) => Arg::Scalar(values.next().unwrap_or(ScalarValue::Null)),
                Arg::Call(call) => Arg::Call(Call { name: call.name.clone(), args: fill_outer(&call.args, values) }),
                other => other.clone(),
            };
            (name.clone(), arg)
        })
        .collect()
}

impl fmt::Debug for Lateral {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lateral({})", self.def.name)
    }
}

impl PartialEq for Lateral {
    fn eq(&self, other: &Self) -> bool {
        self.def.name == other.def.name
            && self.exprs == other.exprs
            && self.input == other.input
            && self.outer == other.outer
            && self.schema == other.schema
            && format!("{:?}", self.args) == format!("{:?}", other.args)
    }
}

impl Eq for Lateral {}

impl Hash for Lateral {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.def.name.hash(state);
        self.exprs.hash(state);
        self.input.hash(state);
    }
}

impl PartialOrd for Lateral {
    fn partial_cmp(&self, _: &Self) -> Option<Ordering> {
        None
    }
}

impl UserDefinedLogicalNodeCore for Lateral {
    fn name(&self) -> &str {
        "Lateral"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.input]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        self.exprs.clone()
    }

    /// The input's columns pass through, but a filter must not move below the join: it may name columns of the function.
    fn prevent_predicate_push_down_columns(&self) -> std::collections::HashSet<String> {
        self.schema.fields().iter().map(|f| f.name().clone()).collect()
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let args: Vec<String> = self.exprs.iter().map(|e| e.to_string()).collect();
        write!(f, "Lateral: {}({})", self.def.name, args.join(", "))
    }

    fn with_exprs_and_inputs(&self, exprs: Vec<Expr>, mut inputs: Vec<LogicalPlan>) -> DfResult<Self> {
        let input = inputs.swap_remove(0);
        let schema = if self.bound { join_schema(&input, &self.function_schema)? } else { Arc::clone(&self.schema) };
        Ok(Lateral { exprs, input, schema, ..self.clone() })
    }
}

fn join_schema(input: &LogicalPlan, function: &DFSchemaRef) -> DfResult<DFSchemaRef> {
    let fields = input.schema().iter().chain(function.iter()).map(|(q, f)| (q.cloned(), Arc::clone(f))).collect();
    Ok(Arc::new(DFSchema::new_with_metadata(fields, Default::default())?))
}

/// Analyzer rule that gives a [`Lateral`] the left side of its join as input.
#[derive(Debug)]
pub struct BindLateral;

impl AnalyzerRule for BindLateral {
    fn name(&self) -> &str {
        "bind_lateral_table_functions"
    }

    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> DfResult<LogicalPlan> {
        plan.transform_up(|plan| {
            let LogicalPlan::Join(join) = &plan else { return Ok(Transformed::no(plan)) };
            let Some(node) = find_unbound(&join.right) else { return Ok(Transformed::no(plan)) };
            let filter =
                join.filter.as_ref().filter(|f| !matches!(f, Expr::Literal(ScalarValue::Boolean(Some(true)), _)));
            let outer = match join.join_type {
                JoinType::Inner => false,
                JoinType::Left if filter.is_none() && join.on.is_empty() => true,
                other => {
                    return Err(Error::argument(format!(
                        "{other} join with LATERAL {}(...) is not possible; use CROSS JOIN LATERAL, or LEFT JOIN \
                         LATERAL ... ON true",
                        node.def.name
                    ))
                    .into());
                }
            };
            let function = Lateral { function_schema: Arc::clone(join.right.schema()), ..node.clone() };
            let input = join.left.as_ref().clone();
            let schema = join_schema(&input, &function.function_schema)?;
            let bound = LogicalPlan::Extension(Extension { node: Arc::new(function.bind(input, outer, &schema)?) });
            let mut conditions: Vec<Expr> = join.on.iter().map(|(l, r)| l.clone().eq(r.clone())).collect();
            conditions.extend(filter.cloned());
            let plan = match conditions.into_iter().reduce(Expr::and) {
                Some(condition) => {
                    datafusion::logical_expr::LogicalPlanBuilder::from(bound).filter(condition)?.build()?
                }
                None => bound,
            };
            Ok(Transformed::yes(plan))
        })
        .data()
    }
}

fn find_unbound(plan: &LogicalPlan) -> Option<&Lateral> {
    match plan {
        LogicalPlan::Subquery(subquery) => find_unbound(&subquery.subquery),
        LogicalPlan::SubqueryAlias(SubqueryAlias { input, .. }) => find_unbound(input),
        LogicalPlan::Extension(extension) => {
            extension.node.as_any().downcast_ref::<Lateral>().filter(|node| !node.bound)
        }
        _ => None,
    }
}

/// Whether a plan holds a [`Lateral`] node.
pub fn is_used(plan: &LogicalPlan) -> DfResult<bool> {
    plan.exists(|node| {
        Ok(matches!(node, LogicalPlan::Extension(e) if e.node.as_any().downcast_ref::<Lateral>().is_some()))
    })
}

/// Makes the operator of a [`Lateral`] node.
#[derive(Debug)]
pub struct LateralPlanner;

#[async_trait]
impl ExtensionPlanner for LateralPlanner {
    async fn plan_extension(
        &self,
        planner: &dyn PhysicalPlanner,
        node: &dyn UserDefinedLogicalNode,
        logical_inputs: &[&LogicalPlan],
        physical_inputs: &[Arc<dyn ExecutionPlan>],
        session: &dyn Session,
        planning: &PhysicalPlanningContext,
    ) -> DfResult<Option<Arc<dyn ExecutionPlan>>> {
        let Some(node) = node.as_any().downcast_ref::<Lateral>() else { return Ok(None) };
        let state = session
            .as_any()
            .downcast_ref::<SessionState>()
            .ok_or_else(|| Error::Internal("LATERAL needs a SessionState".into()))?
            .clone();
        let exprs = node
            .exprs
            .iter()
            .map(|e| planner.create_physical_expr(e, logical_inputs[0].schema(), session, planning))
            .collect::<DfResult<Vec<_>>>()?;
        let call = Arc::new(CallPerRow {
            def: node.def,
            context: node.context.clone(),
            args: node.args.clone(),
            exprs,
            outer: node.outer,
            state,
            function_columns: node.function_schema.fields().len(),
        });
        let schema = Arc::clone(node.schema.inner());
        Ok(Some(Arc::new(LateralExec::new(Arc::clone(&physical_inputs[0]), call, schema))))
    }
}

struct CallPerRow {
    def: &'static TableFunction,
    context: Context,
    args: Vec<(Option<String>, Arg)>,
    exprs: Vec<Arc<dyn PhysicalExpr>>,
    outer: bool,
    state: SessionState,
    function_columns: usize,
}

impl fmt::Debug for CallPerRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.def.name)
    }
}

impl CallPerRow {
    async fn run(&self, values: Vec<ScalarValue>, ctx: Arc<TaskContext>) -> DfResult<SendableRecordBatchStream> {
        let args = fill_outer(&self.args, &mut values.into_iter());
        let resolved = resolve(self.def.name, &self.def.all_args(), args)?;
        let provider = (self.def.plan)(&self.context, &resolved)?;
        let plan = provider.scan(&self.state, None, &[], None).await?;
        execute_stream(plan, ctx)
    }
}

/// Calls a table function for each row of its input and repeats the row beside each row of the result.
#[derive(Debug)]
struct LateralExec {
    input: Arc<dyn ExecutionPlan>,
    call: Arc<CallPerRow>,
    schema: SchemaRef,
    properties: Arc<PlanProperties>,
}

impl LateralExec {
    fn new(input: Arc<dyn ExecutionPlan>, call: Arc<CallPerRow>, schema: SchemaRef) -> Self {
        let properties = Arc::new(PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&schema)),
            input.output_partitioning().clone(),
            EmissionType::Incremental,
            input.boundedness(),
        ));
        LateralExec { input, call, schema, properties }
    }
}

impl DisplayAs for LateralExec {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let args: Vec<String> = self.call.exprs.iter().map(|e| e.to_string()).collect();
        write!(f, "LateralExec: {}({})", self.call.def.name, args.join(", "))
    }
}

impl ExecutionPlan for LateralExec {
    fn name(&self) -> &str {
        "LateralExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> DfResult<TreeNodeRecursion>,
    ) -> DfResult<TreeNodeRecursion> {
        apply_expression_roots(self.call.exprs.iter(), f)
    }

    fn replace_children(
        self: Arc<Self>,
        mut children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> DfResult<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(LateralExec::new(children.swap_remove(0), Arc::clone(&self.call), Arc::clone(&self.schema))))
    }

    #[allow(deprecated)]
    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> DfResult<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn execute(&self, partition: usize, ctx: Arc<TaskContext>) -> DfResult<SendableRecordBatchStream> {
        let input = self.input.execute(partition, Arc::clone(&ctx))?;
        let (call, schema) = (Arc::clone(&self.call), Arc::clone(&self.schema));
        let rows = input.flat_map(move |batch| match batch {
            Err(error) => futures::stream::once(async { Err(error) }).boxed(),
            Ok(batch) => per_row(Arc::clone(&call), batch, Arc::clone(&schema), Arc::clone(&ctx)).boxed(),
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.schema), rows)))
    }
}

fn per_row(
    call: Arc<CallPerRow>,
    batch: RecordBatch,
    schema: SchemaRef,
    ctx: Arc<TaskContext>,
) -> impl futures::Stream<Item = DfResult<RecordBatch>> {
    let values: DfResult<Vec<ArrayRef>> =
        call.exprs.iter().map(|e| e.evaluate(&batch)?.into_array(batch.num_rows())).collect();
    futures::stream::once(async move { values })
        .map_ok(move |values| {
            let (call, batch, schema, ctx) = (Arc::clone(&call), batch.clone(), Arc::clone(&schema), Arc::clone(&ctx));
            futures::stream::iter(0..batch.num_rows())
                .then(move |row| {
                    let (call, batch, schema, ctx) =
                        (Arc::clone(&call), batch.clone(), Arc::clone(&schema), Arc::clone(&ctx));
                    let row_values: DfResult<Vec<ScalarValue>> =
                        values.iter().map(|array| ScalarValue::try_from_array(array, row)).collect();
                    async move {
                        let result = call.run(row_values?, ctx).await?;
                        Ok::<_, DataFusionError>(beside(call, batch, row, schema, result))
                    }
                })
                .try_flatten()
        })
        .try_flatten()
}

/// The batches of one call, each with the row of the input beside every row.
fn beside(
    call: Arc<CallPerRow>,
    batch: RecordBatch,
    row: usize,
    schema: SchemaRef,
    result: SendableRecordBatchStream,
) -> impl futures::Stream<Item = DfResult<RecordBatch>> {
    let outer_row = (call.outer).then(|| {
        let left = batch.columns().iter().map(|c| c.slice(row, 1));
        let tail = schema.fields().iter().skip(schema.fields().len() - call.function_columns);
        let columns = left.chain(tail.map(|f| new_null_array(f.data_type(), 1))).collect();
        RecordBatch::try_new(Arc::clone(&schema), columns).map_err(DataFusionError::from)
    });
    let mut seen = false;
    result.map(Some).chain(futures::stream::once(async { None })).filter_map(move |item| {
        let out = match item {
            Some(Ok(found)) if found.num_rows() == 0 => None,
            Some(Ok(found)) => {
                seen = true;
                Some(join_row(&batch, row, &found, &schema))
            }
            Some(Err(error)) => Some(Err(error)),
            None if !seen => outer_row.as_ref().map(|r| match r {
                Ok(batch) => Ok(batch.clone()),
                Err(error) => Err(DataFusionError::Execution(error.to_string())),
            }),
            None => None,
        };
        async move { out }
    })
}

fn nullable(schema: &Schema) -> Schema {
    Schema::new(schema.fields().iter().map(|f| f.as_ref().clone().with_nullable(true)).collect::<Vec<_>>())
}

fn join_row(batch: &RecordBatch, row: usize, found: &RecordBatch, schema: &SchemaRef) -> DfResult<RecordBatch> {
    let index = UInt32Array::from_value(row as u32, found.num_rows());
    let mut columns =
        batch.columns().iter().map(|c| take(c, &index, None)).collect::<std::result::Result<Vec<_>, _>>()?;
    let expected = &schema.fields()[columns.len()..];
    if found.schema().fields().iter().map(|f| f.name()).ne(expected.iter().map(|f| f.name())) {
        return Err(Error::Internal("a table function gave other columns than it was planned with".into()).into());
    }
    for (column, field) in found.columns().iter().zip(expected) {
        columns.push(cast(column, field.data_type())?);
    }
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}
