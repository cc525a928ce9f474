//! Takes the plan of a strategy's body apart into expressions, so that each can be evaluated once however many grid points
//! share it.
//!
//! A body that is made of projections over one scan of `bars` becomes a graph: one node per named column and per indicator
//! call, each an expression over bars columns and other nodes. What is evaluated on other bars has nodes of its own there,
//! and one that lines its values up. Everything else is left whole, with the reason.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, DataFusionError};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{Expr, LogicalPlan};
use threadx_kernels::sim::ContractColumn;

use super::specialize::Specials;
use crate::engine::indicator::marked;
use crate::engine::strategy::{
    ParamType, StrategyParam, bars_scanned, body_schema, contract_column, is_body_scan, placeholder_index,
};
use crate::engine::view::{ViewArgs, ViewCall, view_call};
use crate::error::{Error, Result};

/// Prefix of the columns that stand for nodes; no SQL identifier of a user starts with it.
const NODE: &str = "\u{1}";

/// The column that stands for node `id`.
pub fn node_column(id: usize) -> Column {
    Column::new_unqualified(format!("{NODE}{id}"))
}

/// The node that a column stands for, or `None` if it is a column of the bars.
pub fn node_of(column: &Column) -> Option<usize> {
    column.name.strip_prefix(NODE).and_then(|id| id.parse().ok())
}

/// Prefix of the columns that stand for parameters.
const PARAM: &str = "\u{2}";

/// The column that stands for the parameter at position `index`.
pub fn param_column(index: usize) -> Column {
    Column::new_unqualified(format!("{PARAM}{index}"))
}

/// The parameter that a column of this name stands for.
pub fn param_of(name: &str) -> Option<usize> {
    name.strip_prefix(PARAM).and_then(|index| index.parse().ok())
}

/// A body taken apart.
#[derive(Debug, Clone)]
pub struct Template {
    /// Expressions over columns of the bars and of earlier nodes.
    pub nodes: Vec<Expr>,
    /// For each node, the bars that it is evaluated on, by position in `views`.
    pub places: Vec<usize>,
    /// The bars that expressions are evaluated on; the first are those of the series.
    pub views: Vec<ViewArgs>,
    /// The names of the strategy's parameters.
    pub param_names: Vec<String>,
    /// Their types.
    pub param_types: Vec<ParamType>,
    /// For each node, the parameters under it, by position.
    pub params: Vec<BTreeSet<usize>>,
    /// The result columns: name and node.
    pub columns: Vec<(String, usize)>,
    /// The names that the body gives to nodes.
    pub names: HashMap<usize, String>,
    /// Its nodes for given values of some parameters.
    pub specials: Specials,
    /// What its nodes are called, once somebody has asked.
    pub labels: OnceLock<Vec<String>>,
}

impl Template {
    /// The result columns that have an effect on trading, with their nodes.
    pub fn contract(&self) -> Vec<(&'static ContractColumn, usize)> {
        self.columns.iter().filter_map(|(name, node)| contract_column(name).map(|column| (column, *node))).collect()
    }
}

/// The body as a graph, or the reason why it has to be run whole.
///
/// # Errors
/// A call on other bars that cannot be evaluated there, with the reason; no path could run the body.
pub fn take_apart(plan: &LogicalPlan, params: &[StrategyParam]) -> Result<std::result::Result<Template, String>> {
    let mut builder = Builder::new();
    let columns = match builder.columns(plan) {
        Ok(columns) => columns,
        Err(Stop::Whole(reason)) => return Ok(Err(reason)),
        Err(Stop::Wrong(error)) => return Err(error),
    };
    let named = columns.into_iter().map(|(name, expr)| (name, builder.node(OWN, expr))).collect();
    builder.finish(named, params).map(Ok)
}

/// The graph of one call of `at_timeframe` or `at_series` over columns of the bars, without parameters; its only column is
/// the value.
///
/// # Errors
/// An expression that cannot be evaluated on other bars, with the reason.
pub fn take_call_apart(call: &ScalarFunction) -> Result<Template> {
    let mut builder = Builder::new();
    let schema = DFSchema::try_from(body_schema())?;
    let below = bars_columns(&schema);
    match builder.lift(OWN, &Expr::ScalarFunction(call.clone()), (&below, &schema)) {
        Ok(expr) => {
            let node = builder.node(OWN, expr);
            let template = builder.finish(vec![("value".into(), node)], &[])?;
            match template.params.iter().all(BTreeSet::is_empty) {
                true => Ok(template),
                false => Err(Error::argument(format!(
                    "{}() cannot hold a parameter of a prepared statement; write its value",
                    call.name()
                ))),
            }
        }
        Err(Stop::Whole(reason)) => Err(Error::argument(format!("{}() cannot be evaluated: {reason}", call.name()))),
        Err(Stop::Wrong(error)) => Err(error),
    }
}

/// The position of the bars of the series among the bars of a template.
pub const OWN: usize = 0;

/// The columns of the bars, by name.
fn bars_columns(schema: &DFSchema) -> Vec<(String, Expr)> {
    let fields = schema.fields().iter();
    fields.map(|f| (f.name().clone(), Expr::Column(Column::new_unqualified(f.name())))).collect()
}

/// Why a body is not taken apart.
enum Stop {
    /// It has to be run whole.
    Whole(String),
    /// It cannot be run at all.
    Wrong(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Wrong(error)
    }
}

impl From<DataFusionError> for Stop {
    fn from(error: DataFusionError) -> Self {
        Stop::Wrong(error.into())
    }
}

type Lifted<T> = std::result::Result<T, Stop>;

struct Builder {
    nodes: Vec<Expr>,
    places: Vec<usize>,
    views: Vec<ViewArgs>,
    ids: HashMap<(usize, Expr), usize>,
    names: HashMap<usize, String>,
}

impl Builder {
    fn new() -> Self {
        Builder {
            nodes: vec![],
            places: vec![],
            views: vec![ViewArgs::default()],
            ids: HashMap::new(),
            names: HashMap::new(),
        }
    }

    /// The template of result columns.
    fn finish(self, columns: Vec<(String, usize)>, strategy_params: &[StrategyParam]) -> Result<Template> {
        let mut params: Vec<BTreeSet<usize>> = vec![];
        for (node, place) in self.nodes.iter().zip(&self.places) {
            let mut under: BTreeSet<usize> = self.views[*place].params().collect();
            node.apply(|e| {
                match e {
                    Expr::Placeholder(p) => {
                        under.insert(placeholder_index(&p.id)?);
                    }
                    Expr::Column(column) => {
                        if let Some(id) = node_of(column) {
                            under.extend(params[id].iter().copied());
                        }
                    }
                    _ => {}
                }
                Ok(TreeNodeRecursion::Continue)
            })?;
            params.push(under);
        }
        Ok(Template {
            nodes: self.nodes,
            places: self.places,
            views: self.views,
            param_names: strategy_params.iter().map(|param| param.name.clone()).collect(),
            param_types: strategy_params.iter().map(|param| param.ty).collect(),
            params,
            columns,
            names: self.names,
            specials: Specials::default(),
            labels: OnceLock::new(),
        })
    }

    /// The node of an expression over the bars at `place`.
    fn node(&mut self, place: usize, expr: Expr) -> usize {
        if let Expr::Column(column) = &expr
            && let Some(id) = node_of(column)
        {
            return id;
        }
        let key = (place, expr);
        if let Some(id) = self.ids.get(&key) {
            return *id;
        }
        let id = self.nodes.len();
        self.nodes.push(key.1.clone());
        self.places.push(place);
        self.ids.insert(key, id);
        id
    }

    fn node_as_column(&mut self, place: usize, expr: Expr) -> Expr {
        Expr::Column(node_column(self.node(place, expr)))
    }

    /// The output columns of a plan, as expressions over the bars and earlier nodes.
    fn columns(&mut self, plan: &LogicalPlan) -> Lifted<Vec<(String, Expr)>> {
        match plan {
            scan if is_body_scan(scan) => Ok(bars_columns(scan.schema())),
            LogicalPlan::SubqueryAlias(alias) => self.columns(&alias.input),
            LogicalPlan::Projection(projection) => {
                let below = self.columns(&projection.input)?;
                let schema = projection.input.schema();
                let names = projection.schema.fields().iter().map(|f| f.name().clone());
                projection
                    .expr
                    .iter()
                    .zip(names)
                    .map(|(expr, name)| {
                        let lifted = self.lift(OWN, expr, (&below, schema))?;
                        if let Expr::Column(column) = &lifted
                            && let Some(id) = node_of(column)
                        {
                            self.names.entry(id).or_insert_with(|| name.clone());
                        }
                        Ok((name, lifted))
                    })
                    .collect()
            }
            LogicalPlan::TableScan(scan) => Err(Stop::Whole(match bars_scanned(plan) {
                Some(Some(symbol)) => format!("it reads the bars of {symbol}"),
                _ => format!("it reads the table `{}`", scan.table_name),
            })),
            other => Err(Stop::Whole(format!("it has a {} step", step_name(other)))),
        }
    }

    /// An expression over the bars at `place` in terms of their columns and of nodes; named results, indicator calls and
    /// what is evaluated on other bars become nodes. `below` are the columns that `schema` names.
    fn lift(&mut self, place: usize, expr: &Expr, (below, schema): (&[(String, Expr)], &DFSchema)) -> Lifted<Expr> {
        let mut stop = None;
        let expr = expr.clone().unalias_nested().data;
        let with_views = expr.transform_down(|e| {
            let Expr::ScalarFunction(function) = &e else { return Ok(Transformed::no(e)) };
            let Some(call) = view_call(function) else { return Ok(Transformed::no(e)) };
            match self.on_other_bars(place, (function, &call), (below, schema)) {
                Ok(column) => Ok(Transformed::new(column, true, TreeNodeRecursion::Jump)),
                Err(reason) => {
                    stop.get_or_insert(reason);
                    Ok(Transformed::new(e, false, TreeNodeRecursion::Stop))
                }
            }
        });
        let with_views = with_views.data()?;
        if let Some(stop) = stop {
            return Err(stop);
        }
        let mut reason = None;
        let replaced = with_views.transform_up(|e| {
            Ok(match e {
                Expr::Column(column) if node_of(&column).is_none() => {
                    let index = schema.index_of_column(&column)?;
                    Transformed::yes(below[index].1.clone())
                }
                Expr::ScalarFunction(mut call) if marked(&call).is_some() => {
                    let inputs = marked(&call).map_or(0, |def| def.inputs.len());
                    for arg in call.args.iter_mut().take(inputs) {
                        if !matches!(arg, Expr::Column(_) | Expr::Literal(..)) {
                            *arg = self.node_as_column(place, arg.clone());
                        }
                    }
                    Transformed::yes(self.node_as_column(place, Expr::ScalarFunction(call)))
                }
                Expr::ScalarSubquery(_) | Expr::Exists(_) | Expr::InSubquery(_) => {
                    reason = Some("it has a subquery in an expression".to_string());
                    Transformed::no(e)
                }
                Expr::WindowFunction(_) | Expr::AggregateFunction(_) => {
                    reason = Some("it has a window or aggregate function".to_string());
                    Transformed::no(e)
                }
                other => Transformed::no(other),
            })
        });
        let replaced = replaced.data().map_err(|e| Stop::Whole(e.to_string()))?;
        if let Some(reason) = reason {
            return Err(Stop::Whole(reason));
        }
        Ok(match replaced {
            Expr::Column(_) | Expr::Literal(..) => replaced,
            expr => self.node_as_column(place, expr),
        })
    }

    /// The column of what is evaluated on other bars, lined up with the bars at `place`.
    fn on_other_bars(
        &mut self,
        place: usize,
        (function, call): (&ScalarFunction, &ViewCall),
        (below, schema): (&[(String, Expr)], &DFSchema),
    ) -> Lifted<Expr> {
        if place != OWN {
            return Err(Stop::Wrong(nested()));
        }
        let args = call.args()?;
        let other = self.views.iter().position(|known| *known == args).unwrap_or_else(|| {
            self.views.push(args);
            self.views.len() - 1
        });
        let mut wrong = None;
        // The columns must be those of bars, which the other bars have as well.
        let expr = call.expr.clone().transform_up(|e| {
            let Expr::Column(column) = &e else { return Ok(Transformed::no(e)) };
            Ok(match &below[schema.index_of_column(column)?].1 {
                Expr::Column(own) if node_of(own).is_none() => Transformed::yes(Expr::Column(own.clone())),
                _ => {
                    wrong.get_or_insert_with(|| column.name.clone());
                    Transformed::no(e)
                }
            })
        });
        let expr = expr.data()?;
        if let Some(column) = wrong {
            return Err(Stop::Wrong(call.no_column(&column)));
        }
        let others = DFSchema::try_from(body_schema())?;
        let inner = self.lift(other, &expr, (&bars_columns(&others), &others)).map_err(|stop| match stop {
            Stop::Whole(_) => Stop::Wrong(call.only_indicators()),
            wrong => wrong,
        })?;
        let mut lined_up = function.clone();
        if let Some(last) = lined_up.args.last_mut() {
            *last = inner;
        }
        Ok(self.node_as_column(place, Expr::ScalarFunction(lined_up)))
    }
}

fn nested() -> Error {
    Error::argument(
        "at_timeframe() and at_series() cannot stand inside each other; longer bars of another series are \
         at_series('SYMBOL', 'timeframe', expression)",
    )
}

fn step_name(plan: &LogicalPlan) -> &'static str {
    match plan {
        LogicalPlan::Filter(_) => "filter",
        LogicalPlan::Window(_) => "window",
        LogicalPlan::Aggregate(_) => "aggregate",
        LogicalPlan::Sort(_) => "sort",
        LogicalPlan::Join(_) => "join",
        LogicalPlan::Union(_) => "union",
        LogicalPlan::Limit(_) => "limit",
        LogicalPlan::Distinct(_) => "distinct",
        LogicalPlan::Unnest(_) => "unnest",
        _ => "step that is no projection",
    }
}
