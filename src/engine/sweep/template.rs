//! Takes the plan of a strategy's body apart into expressions, so that each can be evaluated once however many grid points
//! share it.
//!
//! A body that is made of projections over one scan of `bars` becomes a graph: one node per named column and per indicator
//! call, each an expression over bars columns and other nodes. Everything else is left whole, with the reason.

use std::collections::{BTreeSet, HashMap};

use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DataFusionError};
use datafusion::logical_expr::{Expr, LogicalPlan, Volatility};
use threadx_kernels::sim::ContractColumn;

use crate::engine::indicator::marked;
use crate::engine::nested::every_plan;
use crate::engine::strategy::{ParamType, contract_column, is_body_scan};
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
    /// The types of the strategy's parameters.
    pub param_types: Vec<ParamType>,
    /// For each node, the parameters under it, by position.
    pub params: Vec<BTreeSet<usize>>,
    /// The result columns: name and node.
    pub columns: Vec<(String, usize)>,
    /// The names that the body gives to nodes.
    pub names: HashMap<usize, String>,
}

impl Template {
    /// The result columns that have an effect on trading, with their nodes.
    pub fn contract(&self) -> Vec<(&'static ContractColumn, usize)> {
        self.columns.iter().filter_map(|(name, node)| contract_column(name).map(|column| (column, *node))).collect()
    }
}

/// The body as a graph, or the reason why it has to be run whole.
pub fn take_apart(plan: &LogicalPlan, param_types: Vec<ParamType>) -> Result<std::result::Result<Template, String>> {
    refuse_volatile(plan)?;
    let mut builder = Builder { nodes: vec![], ids: HashMap::new(), names: HashMap::new() };
    let columns = match builder.columns(plan) {
        Ok(columns) => columns,
        Err(Whole(reason)) => return Ok(Err(reason)),
    };
    let mut named = vec![];
    for (name, expr) in columns {
        let id = builder.node(expr);
        named.push((name, id));
    }
    let mut params: Vec<BTreeSet<usize>> = vec![];
    for node in &builder.nodes {
        let mut under = BTreeSet::new();
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
    Ok(Ok(Template { nodes: builder.nodes, param_types, params, columns: named, names: builder.names }))
}

/// The position of a parameter from its placeholder: `$1` is 0.
pub fn placeholder_index(id: &str) -> std::result::Result<usize, DataFusionError> {
    id.strip_prefix('$')
        .and_then(|digits| digits.parse::<usize>().ok())
        .and_then(|number| number.checked_sub(1))
        .ok_or_else(|| Error::Internal(format!("placeholder {id} in a strategy body")).into())
}

fn refuse_volatile(plan: &LogicalPlan) -> Result<()> {
    let mut found = None;
    for plan in every_plan(plan)? {
        plan.apply_with_subqueries(|node| {
            node.apply_expressions(|expr| {
                expr.apply(|e| {
                    if let Expr::ScalarFunction(call) = e
                        && call.func.signature().volatility == Volatility::Volatile
                    {
                        found = Some(call.func.name().to_string());
                    }
                    Ok(TreeNodeRecursion::Continue)
                })
            })
        })?;
    }
    match found {
        Some(name) => Err(Error::argument(format!(
            "a strategy must give the same signals every time, but its body calls {name}()"
        ))),
        None => Ok(()),
    }
}

/// Why a body is run whole.
struct Whole(String);

struct Builder {
    nodes: Vec<Expr>,
    ids: HashMap<Expr, usize>,
    names: HashMap<usize, String>,
}

impl Builder {
    fn node(&mut self, expr: Expr) -> usize {
        if let Expr::Column(column) = &expr
            && let Some(id) = node_of(column)
        {
            return id;
        }
        if let Some(id) = self.ids.get(&expr) {
            return *id;
        }
        let id = self.nodes.len();
        self.nodes.push(expr.clone());
        self.ids.insert(expr, id);
        id
    }

    /// The output columns of a plan, as expressions over the bars and earlier nodes.
    fn columns(&mut self, plan: &LogicalPlan) -> std::result::Result<Vec<(String, Expr)>, Whole> {
        match plan {
            scan if is_body_scan(scan) => Ok(scan
                .schema()
                .fields()
                .iter()
                .map(|f| (f.name().clone(), Expr::Column(Column::new_unqualified(f.name()))))
                .collect()),
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
                        let lifted = self.lift(expr, &below, schema)?;
                        if let Expr::Column(column) = &lifted
                            && let Some(id) = node_of(column)
                        {
                            self.names.entry(id).or_insert_with(|| name.clone());
                        }
                        Ok((name, lifted))
                    })
                    .collect()
            }
            LogicalPlan::TableScan(scan) => Err(Whole(format!("it reads the table `{}`", scan.table_name))),
            other => Err(Whole(format!("it has a {} step", step_name(other)))),
        }
    }

    /// An expression of a projection in terms of the bars and nodes; named results and indicator calls become nodes.
    fn lift(
        &mut self,
        expr: &Expr,
        below: &[(String, Expr)],
        schema: &datafusion::common::DFSchema,
    ) -> std::result::Result<Expr, Whole> {
        let mut reason = None;
        let replaced = expr.clone().unalias_nested().data.transform_up(|e| {
            Ok(match e {
                Expr::Column(column) => {
                    let index = schema.index_of_column(&column)?;
                    Transformed::yes(below[index].1.clone())
                }
                Expr::ScalarFunction(mut call) if marked(&call).is_some() => {
                    let inputs = marked(&call).map_or(0, |def| def.inputs.len());
                    for arg in call.args.iter_mut().take(inputs) {
                        if !matches!(arg, Expr::Column(_) | Expr::Literal(..)) {
                            let id = self.node(arg.clone());
                            *arg = Expr::Column(node_column(id));
                        }
                    }
                    let id = self.node(Expr::ScalarFunction(call));
                    Transformed::yes(Expr::Column(node_column(id)))
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
        let replaced = replaced.data().map_err(|e| Whole(e.to_string()))?;
        if let Some(reason) = reason {
            return Err(Whole(reason));
        }
        Ok(match replaced {
            Expr::Column(_) | Expr::Literal(..) => replaced,
            expr => Expr::Column(node_column(self.node(expr))),
        })
    }
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
