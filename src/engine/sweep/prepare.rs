//! The two ways to evaluate a body, and the conditions on parameters: by distinct expressions where the body could be taken
//! apart, by running the whole body where it could not.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch};
use datafusion::arrow::compute::{concat_batches, sort_to_indices, take};
use datafusion::arrow::datatypes::{Field, Schema};
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, ParamValues, ScalarValue};
use datafusion::datasource::{MemTable, provider_as_source};
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{ColumnarValue, Expr, LogicalPlan, TableScan, TableSource};
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_expr::{PhysicalExpr, create_physical_expr};
use datafusion::prelude::DataFrame;
use threadx_kernels::sim::{ColumnKind, ContractColumn, Signals};

use super::bank::Bank;
use super::bind::Binder;
use super::grid::{ParamGrid, param_arrays, param_fields};
use super::output::params_text;
use super::signal::{SignalColumn, signal_column};
use super::template::{Template, take_apart};
use crate::engine::nested::{every_plan, map_plans};
use crate::engine::order::series_in_time_order;
use crate::engine::series::Series;
use crate::engine::strategy::{Body, ParamValue, Strategy, bars_scanned, contract_column, placeholder_index, unsteady};
use crate::engine::view::{Others, View, ViewArgs, view_call};
use crate::error::{Error, Result};

/// How the body of a strategy is evaluated.
#[derive(Debug)]
pub enum Path {
    /// Distinct expressions, each once.
    Columns(Arc<Template>),
    /// The whole body, once per distinct combination of the parameters that it uses.
    Whole {
        /// The planned body.
        body: Box<Body>,
        /// Positions of the parameters that it uses.
        used: Vec<usize>,
        /// The other bars that it reads.
        views: Vec<ViewArgs>,
        /// Why it could not be taken apart.
        reason: String,
    },
}

impl Path {
    /// Chooses the path for a planned body.
    pub fn choose(body: Body, strategy: &Strategy) -> Result<Self> {
        match take_apart(&body.plan, &strategy.params).map_err(|e| strategy.error(e.to_string()))? {
            Ok(template) => Ok(Path::Columns(Arc::new(template))),
            Err(reason) => {
                let used = params_in(&body.plan)?.into_iter().collect();
                let views = views_in(&body.plan).map_err(|e| strategy.error(e.to_string()))?;
                Ok(Path::Whole { body: Box::new(body), used, views, reason })
            }
        }
    }

    /// The other bars that the body reads.
    pub fn views(&self) -> &[ViewArgs] {
        match self {
            Path::Columns(template) => &template.views,
            Path::Whole { views, .. } => views,
        }
    }

    /// The path in words, for `EXPLAIN`.
    pub fn describe(&self) -> String {
        match self {
            Path::Columns(template) => {
                format!("columns ({} expressions, each distinct one once)", template.nodes.len())
            }
            Path::Whole { reason, .. } => format!("whole body per combination, because {reason}"),
        }
    }
}

fn params_in(plan: &LogicalPlan) -> Result<BTreeSet<usize>> {
    let mut used = BTreeSet::new();
    for plan in every_plan(plan)? {
        plan.apply_with_subqueries(|node| {
            node.apply_expressions(|expr| {
                expr.apply(|e| {
                    if let Expr::Placeholder(p) = e {
                        used.insert(placeholder_index(&p.id)?);
                    }
                    Ok(TreeNodeRecursion::Continue)
                })
            })
        })?;
    }
    Ok(used)
}

fn views_in(plan: &LogicalPlan) -> Result<Vec<ViewArgs>> {
    let mut views: Vec<ViewArgs> = vec![];
    plan.apply_with_subqueries(|node| {
        if let Some(Some(symbol)) = bars_scanned(node) {
            views.push(ViewArgs::of_symbol(&symbol));
        }
        node.apply_expressions(|expr| {
            expr.apply(|e| {
                if let Expr::ScalarFunction(function) = e
                    && let Some(call) = view_call(function)
                {
                    let args = call.args()?;
                    if !views.contains(&args) {
                        views.push(args);
                    }
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    Ok(views)
}

/// The contract columns of one grid point, cut to the trading range. Points with equal `key` have equal columns.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// Identity of the columns among those of a whole body.
    pub key: usize,
    /// The columns that the strategy has.
    pub columns: Vec<(&'static ContractColumn, Arc<SignalColumn>)>,
    /// The features that were asked for with [`Preparer::with_features`], in that order.
    pub features: Vec<Arc<SignalColumn>>,
}

impl Prepared {
    /// From columns with one value per bar, cut to `rows`; `names` are the features that are wanted.
    ///
    /// # Errors
    /// A column of another type than its name asks for, or a feature that is not there.
    pub fn of_columns(columns: &[(String, ArrayRef)], names: &[String], rows: &Range<usize>) -> Result<Self> {
        let cut = |array: &ArrayRef, kind| -> Result<Arc<SignalColumn>> {
            Ok(Arc::new(signal_column(&ColumnarValue::Array(Arc::clone(array)), kind, rows)?))
        };
        let contract = columns.iter().filter_map(|(name, array)| Some((contract_column(name)?, array)));
        let contract = contract.map(|(column, array)| Ok((column, cut(array, column.kind)?)));
        let feature = |name: &String| {
            let array = columns.iter().find(|(column, _)| column == name).map(|(_, array)| array);
            cut(array.ok_or_else(|| no_feature(name))?, ColumnKind::Number)
        };
        let features = names.iter().map(feature).collect::<Result<_>>()?;
        Ok(Prepared { key: 0, columns: contract.collect::<Result<_>>()?, features })
    }

    /// The columns, as the simulator reads them.
    pub fn signals(&self) -> Signals<'_> {
        signals_of(&self.columns)
    }
}

/// Columns by name, as the simulator reads them.
pub fn signals_of<'a>(columns: &'a [(&'static ContractColumn, Arc<SignalColumn>)]) -> Signals<'a> {
    let mut signals = Signals::default();
    for (column, values) in columns {
        match column.kind {
            ColumnKind::Bool => signals.set_flags(column.name, values.flags()),
            _ => signals.set_numbers(column.name, values.numbers()),
        };
    }
    signals
}

/// Prepares grid points on one series.
pub struct Preparer<'a> {
    path: &'a Path,
    bank: &'a Bank,
    runtime: Runtime,
    rows: Range<usize>,
    /// Names of the columns that are wanted besides those of the contract.
    features: Vec<String>,
    /// Keys of the whole path, and the columns of the latest points.
    whole: HashMap<String, (usize, Prepared)>,
}

/// What evaluation runs on.
#[derive(Clone)]
pub struct Runtime {
    /// The session, for bodies that are run whole.
    pub state: SessionState,
    /// The async runtime that runs them.
    pub handle: tokio::runtime::Handle,
    /// The threads of the kernels.
    pub pool: Arc<rayon::ThreadPool>,
}

/// Whole bodies whose columns are kept for later points.
const WHOLE_KEPT: usize = 64;

impl<'a> Preparer<'a> {
    /// For the series of `bank` and the trading range `rows`.
    pub fn new(path: &'a Path, bank: &'a Bank, runtime: Runtime, rows: Range<usize>) -> Self {
        Preparer { path, bank, runtime, rows, features: vec![], whole: HashMap::new() }
    }

    /// Columns of numbers by name, besides those of the contract. All of them must be columns of the body.
    pub fn with_features(self, features: Vec<String>) -> Self {
        Preparer { features, ..self }
    }

    /// The columns of one point.
    pub fn prepare(
        &mut self,
        binder: &mut Option<Binder>,
        point: &[ParamValue],
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Prepared> {
        match (self.path, binder) {
            (Path::Columns(template), Some(binder)) => {
                let mut scratch = self.bank.scratch();
                let mut columns = vec![];
                binder.begin(point);
                for (column, node) in template.contract() {
                    let id = binder.bind_next(node, point)?;
                    columns.push((column, self.bank.signal(binder.bound(), id, column.kind, &mut scratch)?));
                }
                let mut features = vec![];
                for name in &self.features {
                    let node = template.columns.iter().find(|(column, _)| column == name).map(|(_, node)| *node);
                    let id = binder.bind(node.ok_or_else(|| no_feature(name))?, point)?;
                    features.push(self.bank.signal(binder.bound(), id, ColumnKind::Number, &mut scratch)?);
                }
                self.bank.release(scratch);
                Ok(Prepared { key: 0, columns, features })
            }
            (Path::Whole { body, used, .. }, _) => self.by_whole(body, used, point, cancelled),
            (Path::Columns(_), None) => Err(Error::Internal("no binder for a body that was taken apart".into())),
        }
    }

    fn by_whole(
        &mut self,
        body: &Body,
        used: &[usize],
        point: &[ParamValue],
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Prepared> {
        if cancelled() {
            return Err(Error::Cancelled);
        }
        let name = used.iter().map(|&p| point[p].to_string()).collect::<Vec<_>>().join(",");
        if let Some((_, prepared)) = self.whole.get(&name) {
            return Ok(prepared.clone());
        }
        let columns = named_columns(&whole_batch(body, point, self.bank, &self.runtime)?);
        let number = self.whole.values().map(|(n, _)| n + 1).max().unwrap_or(0);
        if self.whole.len() >= WHOLE_KEPT {
            let oldest = self.whole.iter().min_by_key(|(_, (n, _))| *n).map(|(name, _)| name.clone());
            oldest.and_then(|name| self.whole.remove(&name));
        }
        let prepared = Prepared { key: number, ..Prepared::of_columns(&columns, &self.features, &self.rows)? };
        self.whole.insert(name, (number, prepared.clone()));
        Ok(prepared)
    }

    /// Every column of the body for one point, features included, one row per bar.
    pub fn all_columns(
        &mut self,
        binder: &mut Option<Binder>,
        point: &[ParamValue],
    ) -> Result<Vec<(String, ArrayRef)>> {
        match (self.path, binder) {
            (Path::Columns(template), Some(binder)) => {
                let mut scratch = self.bank.scratch();
                let mut columns = vec![];
                for (name, node) in &template.columns {
                    let id = binder.bind(*node, point)?;
                    let value = self.bank.value(binder.bound(), id, &mut scratch)?;
                    columns.push((name.clone(), value.into_array(self.bank.series().len())?));
                }
                self.bank.release(scratch);
                Ok(columns)
            }
            (Path::Whole { body, .. }, _) => Ok(named_columns(&whole_batch(body, point, self.bank, &self.runtime)?)),
            (Path::Columns(_), None) => Err(Error::Internal("no binder for a body that was taken apart".into())),
        }
    }
}

/// The columns of a batch with their names.
pub fn named_columns(batch: &RecordBatch) -> Vec<(String, ArrayRef)> {
    let schema = batch.schema();
    let names = schema.fields().iter().map(|field| field.name().clone());
    names.zip(batch.columns().iter().cloned()).collect()
}

fn no_feature(name: &str) -> Error {
    Error::Internal(format!("a body without the column `{name}`, which was found in it"))
}

/// Runs a whole body on a series; rows as the body gives them.
pub fn whole_rows(body: &Body, point: &[ParamValue], bank: &Bank, runtime: &Runtime) -> Result<RecordBatch> {
    let plan = bound_plan(body, point, bank)?;
    let frame = DataFrame::new(runtime.state.clone(), plan);
    let schema: Arc<Schema> = Arc::clone(&body.schema);
    let batches = runtime.handle.block_on(frame.collect())?;
    Ok(match batches.first() {
        Some(first) => concat_batches(&first.schema(), &batches)?,
        None => RecordBatch::new_empty(schema),
    })
}

/// Runs a whole body on a series; the result has one row per bar, in time order.
fn whole_batch(body: &Body, point: &[ParamValue], bank: &Bank, runtime: &Runtime) -> Result<RecordBatch> {
    let series = bank.series();
    let batch = whole_rows(body, point, bank, runtime)?;
    if batch.num_rows() != series.len() {
        return Err(Error::argument(format!(
            "the query of a strategy must give one row per bar of the relation `bars`, the series being tested; on {} it gives \
             {} rows for {} bars",
            series.key(),
            batch.num_rows(),
            series.len()
        )));
    }
    let ts = batch.column_by_name("ts").ok_or_else(no_ts)?;
    let order = sort_to_indices(ts, None, None)?;
    let columns = batch.columns().iter().map(|c| take(c, &order, None)).collect::<std::result::Result<Vec<_>, _>>()?;
    let sorted = RecordBatch::try_new(batch.schema(), columns)?;
    let same = sorted.column_by_name("ts").is_some_and(|ts| {
        ts.as_primitive_opt::<datafusion::arrow::datatypes::TimestampMicrosecondType>()
            .is_some_and(|ts| ts.null_count() == 0 && ts.values()[..] == *series.ts())
    });
    if !same {
        return Err(Error::argument("the query of a strategy must give each bar's `ts` once, unchanged"));
    }
    Ok(sorted)
}

/// The error of a body whose rows cannot be matched to bars.
pub fn no_ts() -> Error {
    Error::argument("the query of this strategy must keep the column `ts`, so that its rows can be matched to bars")
}

fn bound_plan(body: &Body, point: &[ParamValue], bank: &Bank) -> Result<LogicalPlan> {
    map_plans(with_values(&body.plan, point)?, &|plan| {
        let plan = plan.transform_up_with_subqueries(|node| {
            let Some(symbol) = bars_scanned(&node) else { return Ok(Transformed::no(node)) };
            let LogicalPlan::TableScan(scan) = node else { return Ok(Transformed::no(node)) };
            let source = match symbol {
                None => bars_source(bank.series(), bank)?,
                symbol => bars_source(bank.seen(&View { symbol, timeframe: None })?.series(), bank)?,
            };
            Ok(Transformed::yes(LogicalPlan::TableScan(TableScan { source, ..scan })))
        });
        Ok(plan.data()?)
    })
}

/// The plan of a body with the values of a point in the place of its parameters.
pub fn with_values(plan: &LogicalPlan, point: &[ParamValue]) -> Result<LogicalPlan> {
    let values = ParamValues::List(point.iter().map(|v| v.scalar().into()).collect());
    map_plans(plan.clone(), &|plan| Ok(plan.replace_params_with_values(&values)?))
}

/// The bars of a series as a table in time order.
fn bars_source(series: &Series, bank: &Bank) -> Result<Arc<dyn TableSource>> {
    let schema = series_in_time_order(series, matches!(bank.others(), Others::MadeUp));
    let batch = RecordBatch::try_new(Arc::clone(&schema), series.batch().columns().to_vec())?;
    let table = MemTable::try_new(schema, vec![vec![batch]])?
        .with_sort_order(vec![vec![datafusion::prelude::col("ts").sort(true, false)]]);
    Ok(provider_as_source(Arc::new(table)))
}

/// A condition on the parameters of a strategy, with its text.
#[derive(Debug, Clone)]
pub struct Check {
    expr: Arc<dyn PhysicalExpr>,
    text: String,
}

/// The conditions between parameters.
pub fn checks_between(strategy: &Strategy, state: &SessionState) -> Result<Vec<Check>> {
    strategy.checks.iter().map(|expr| plan_check(strategy, &expr.to_string(), state)).collect()
}

fn plan_check(strategy: &Strategy, text: &str, state: &SessionState) -> Result<Check> {
    let fields: Vec<Field> = param_fields(strategy);
    let schema = DFSchema::try_from(Schema::new(fields))?;
    let make = || -> Result<Arc<dyn PhysicalExpr>> {
        let expr = state.create_logical_expr(text, &schema)?;
        if let Some(call) = unsteady(&expr)? {
            return Err(Error::argument(format!("it calls {call}")));
        }
        let context = datafusion::logical_expr::simplify::SimplifyContext::builder()
            .with_schema(Arc::new(schema.clone()))
            .with_config_options(Arc::clone(state.config_options()))
            .build();
        let expr = datafusion::optimizer::simplify_expressions::ExprSimplifier::new(context).coerce(expr, &schema)?;
        Ok(create_physical_expr(&expr, &schema, &ExecutionProps::new(), &PhysicalPlanningContext::default())?)
    };
    let expr = make().map_err(|e| strategy.error(format!("CHECK ({text}): {e}")))?;
    Ok(Check { expr, text: text.to_string() })
}

impl Check {
    /// The first of the points that breaks the condition.
    pub fn first_failure(&self, batch: &RecordBatch) -> Result<Option<usize>> {
        let values = self.expr.evaluate(batch)?.into_array(batch.num_rows())?;
        let Some(values) = values.as_any().downcast_ref::<BooleanArray>() else {
            return Err(Error::argument(format!("CHECK ({}) is no condition", self.text)));
        };
        Ok((0..values.len()).find(|&row| values.is_null(row) || !values.value(row)))
    }

    /// The condition as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The values of the parameters that the condition reads.
    pub fn values_text(&self, strategy: &Strategy, point: &[ParamValue]) -> String {
        let read = collect_columns(&self.expr);
        let values =
            strategy.params.iter().zip(point).filter(|(p, _)| read.iter().any(|column| column.name() == p.name));
        values.map(|(p, v)| format!("{} => {v}", p.name)).collect::<Vec<_>>().join(", ")
    }
}

/// Checks one combination against the conditions between parameters.
///
/// # Errors
/// The first condition that it breaks.
pub fn check_point(strategy: &Strategy, point: &[ParamValue], state: &SessionState) -> Result<()> {
    let schema = Arc::new(Schema::new(param_fields(strategy)));
    let batch = RecordBatch::try_new(schema, param_arrays(strategy, &[0], &[point.to_vec()])?)?;
    for check in checks_between(strategy, state)? {
        if check.first_failure(&batch)?.is_some() {
            let (name, needs, has) = (&strategy.name, check.text(), params_text(strategy, point));
            return Err(Error::argument(format!("strategy `{name}` needs {needs}, got {has}")));
        }
    }
    Ok(())
}

/// Checks every value of every parameter of a grid against the `CHECK` of its parameter.
pub fn check_values(grid: &ParamGrid, state: &SessionState) -> Result<()> {
    (0..grid.strategy.params.len())
        .try_for_each(|index| check_param(&grid.strategy, index, &grid.values_of(index), state))
}

/// Checks values of one parameter against its `CHECK`.
pub fn check_param(strategy: &Strategy, index: usize, values: &[ParamValue], state: &SessionState) -> Result<()> {
    let param = &strategy.params[index];
    let Some(condition) = &param.check else { return Ok(()) };
    let check = plan_check(strategy, &condition.to_string(), state)?;
    let defaults: Vec<ParamValue> = strategy.params.iter().map(|p| p.default.clone()).collect();
    let points: Vec<Vec<ParamValue>> = values
        .iter()
        .map(|value| {
            let mut point = defaults.clone();
            point[index] = value.clone();
            point
        })
        .collect();
    let ids: Vec<u64> = (0..points.len() as u64).collect();
    let schema = Arc::new(Schema::new(param_fields(strategy)));
    let batch = RecordBatch::try_new(schema, param_arrays(strategy, &ids, &points)?)?;
    if let Some(row) = check.first_failure(&batch)? {
        return Err(Error::argument(format!(
            "`{}` of strategy `{}` must satisfy {}, got {}",
            param.name,
            strategy.name,
            check.text(),
            values[row]
        )));
    }
    Ok(())
}

/// A constant for a column that is the same in every row.
pub fn constant_text(text: &str, rows: usize) -> Result<ArrayRef> {
    Ok(ScalarValue::Utf8(Some(text.to_string())).to_array_of_size(rows)?)
}
