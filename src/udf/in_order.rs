//! Indicators without `OVER`: `rsi(close, 14)` over a relation that is in time order; and expressions on other bars, such as
//! `at_timeframe('4h', rsi(close, 14))`.
//!
//! The SQL rewriter turns such a call into a marker; the analyzer rule here turns markers into window functions over the
//! series, innermost first, so that calls may be nested and may stand in `WHERE`. A call on other bars is one marker
//! together with what it holds.

use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DataFusionError};
use datafusion::logical_expr::expr::{ScalarFunction, WindowFunction, WindowFunctionParams};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{
    Expr, ExprSchemable, LogicalPlan, LogicalPlanBuilder, WindowFrame, WindowFunctionDefinition, lit,
};
use datafusion::optimizer::AnalyzerRule;

use crate::engine::indicator::{marked, no_order};
use crate::engine::order::{MADE_UP, ONE_SERIES, TIME_ORDER, TIMEFRAME};
use crate::engine::store::Store;
use crate::engine::view::{Others, ViewCall, view_call};
use crate::error::{Error, Result};
use crate::udf::other_bars;
use crate::udf::window;

type DfResult<T> = std::result::Result<T, DataFusionError>;

/// The name of the rule.
pub const NAME: &str = "indicators_in_time_order";

/// Analyzer rule that turns markers into window functions.
#[derive(Debug)]
pub struct InTimeOrder {
    /// Where bars of other series come from.
    store: Store,
}

impl InTimeOrder {
    /// The rule over a store.
    pub fn new(store: Store) -> Self {
        InTimeOrder { store }
    }
}

impl AnalyzerRule for InTimeOrder {
    fn name(&self) -> &str {
        NAME
    }

    fn analyze(&self, plan: LogicalPlan, options: &ConfigOptions) -> DfResult<LogicalPlan> {
        plan.transform_up_with_subqueries(|node| Ok(self.rewrite(node, options)?)).data()
    }
}

impl InTimeOrder {
    fn rewrite(&self, node: LogicalPlan, options: &ConfigOptions) -> Result<Transformed<LogicalPlan>> {
        let exprs = node.expressions();
        if !exprs.iter().any(holds_marker) {
            return Ok(Transformed::no(node));
        }
        let inputs = node.inputs();
        let [input] = inputs.as_slice() else {
            let call = exprs.iter().find_map(|e| innermost(e).into_iter().next());
            return Err(
                call.map_or_else(|| Error::Internal("marker without a relation".into()), |call| unordered(&call))
            );
        };
        let columns = input.schema().columns();
        let preserver = NamePreserver::new(&node);
        let names: Vec<_> = exprs.iter().map(|e| preserver.save(e)).collect();
        let mut input = (*input).clone();
        let mut exprs = exprs;
        loop {
            let mut calls: Vec<ScalarFunction> = vec![];
            for found in exprs.iter().flat_map(innermost) {
                if !calls.contains(&found) {
                    calls.push(found);
                }
            }
            let Some(first) = calls.first() else { break };
            let order = time_order(&input).ok_or_else(|| unordered(first))?;
            let window = |call: &ScalarFunction| match view_call(call) {
                Some(view) => self.other_bars(call, &view, (&input, &order), options),
                None => indicator(call, &order),
            };
            let windows = calls.iter().map(window).collect::<Result<Vec<Expr>>>()?;
            let results: Vec<Expr> =
                windows.iter().map(|w| Expr::Column(Column::from_name(w.schema_name().to_string()))).collect();
            input = LogicalPlanBuilder::from(input).window(windows)?.build()?;
            exprs = exprs.into_iter().map(|expr| with_results(expr, &calls, &results)).collect::<DfResult<_>>()?;
        }
        let exprs = exprs.into_iter().zip(names).map(|(expr, name)| name.restore(expr)).collect();
        let passes_through = matches!(
            node,
            LogicalPlan::Filter(_) | LogicalPlan::Sort(_) | LogicalPlan::Distinct(_) | LogicalPlan::Limit(_)
        );
        let mut node = node.with_new_exprs(exprs, vec![input])?;
        if passes_through {
            node = LogicalPlanBuilder::from(node).project(columns.into_iter().map(Expr::Column))?.build()?;
        }
        Ok(Transformed::yes(node))
    }

    /// The window function of a call on other bars, whose columns must be those of bars.
    fn other_bars(
        &self,
        call: &ScalarFunction,
        view: &ViewCall,
        (input, order): (&LogicalPlan, &TimeOrder),
        options: &ConfigOptions,
    ) -> Result<Expr> {
        let [names @ .., _, _] = other_bars::ARGS;
        let mut args = vec![];
        for name in names {
            let column = trace(input, name).ok_or_else(|| {
                Error::argument(format!(
                    "{}() needs the columns ts, open, high, low, close and volume of bars, and the relation here does not \
                     have `{name}` as it is in the bars",
                    view.function.name
                ))
            })?;
            args.push(column);
        }
        let mut wrong = None;
        let data_type = view.expr.get_type(input.schema().as_ref())?;
        let own = view.expr.clone().transform_up(|e| {
            let Expr::Column(column) = &e else { return Ok(Transformed::no(e)) };
            Ok(match args.iter().position(|known| known == column) {
                Some(place) => Transformed::yes(Expr::Column(Column::new_unqualified(names[place]))),
                None => {
                    wrong.get_or_insert_with(|| column.name.clone());
                    Transformed::no(e)
                }
            })
        });
        let own = own.data()?;
        if let Some(column) = wrong {
            return Err(view.no_column(&column));
        }
        let mut bare = call.clone();
        if let Some(last) = bare.args.last_mut() {
            *last = own;
        }
        let others = if order.is_made_up { Others::MadeUp } else { Others::Store(self.store.clone()) };
        let udf = other_bars::udf(bare, data_type, options, others)?;
        let named = |name: &str| input.schema().columns().into_iter().find(|column| column.name == name);
        let timeframe = order.timeframe.clone().map(lit).or(named("timeframe").map(Expr::Column)).ok_or_else(|| {
            Error::argument(format!(
                "{}() must know how long the bars are, and the relation here has no column `timeframe`",
                view.function.name
            ))
        })?;
        // A series without a name is called so in errors.
        let symbol = named("symbol").map_or_else(|| lit("BARS"), Expr::Column);
        let args = args.into_iter().map(Expr::Column).chain([symbol, timeframe]).collect();
        Ok(order.window(WindowFunctionDefinition::WindowUDF(Arc::new(udf)), args))
    }
}

/// The expression with results in the place of calls.
fn with_results(expr: Expr, calls: &[ScalarFunction], results: &[Expr]) -> DfResult<Expr> {
    // From the outside, because a call on other bars may hold what stands elsewhere on its own.
    expr.transform_down(|e| {
        let Expr::ScalarFunction(call) = &e else { return Ok(Transformed::no(e)) };
        Ok(match calls.iter().position(|known| known == call) {
            Some(position) => Transformed::new(results[position].clone(), true, TreeNodeRecursion::Jump),
            None => Transformed::no(e),
        })
    })
    .data()
}

fn holds_marker(expr: &Expr) -> bool {
    expr.exists(|e| Ok(matches!(e, Expr::ScalarFunction(call) if is_marker(call)))).unwrap_or(false)
}

fn is_marker(call: &ScalarFunction) -> bool {
    marked(call).is_some() || view_call(call).is_some()
}

/// The markers of an expression that can be resolved now: indicators whose arguments hold no marker, and calls on other
/// bars with all that is in them.
fn innermost(expr: &Expr) -> Vec<ScalarFunction> {
    let mut found = vec![];
    let _ = expr.apply(|e| {
        if let Expr::ScalarFunction(call) = e
            && (view_call(call).is_some() || marked(call).is_some() && !call.args.iter().any(holds_marker))
        {
            found.push(call.clone());
            return Ok(TreeNodeRecursion::Jump);
        }
        Ok(TreeNodeRecursion::Continue)
    });
    found
}

/// The error of a marker over a relation whose time order is not known.
fn unordered(call: &ScalarFunction) -> Error {
    match (marked(call), view_call(call)) {
        (Some(def), _) => no_order(def),
        (_, Some(view)) => Error::argument(format!(
            "{name}() needs bars in time order, such as those of bars(...) or of a strategy; in a join, take the value in a \
             subquery: (SELECT ts, {name}(...) AS value FROM bars)",
            name = view.function.name
        )),
        _ => Error::Internal("no marker".into()),
    }
}

fn indicator(call: &ScalarFunction, order: &TimeOrder) -> Result<Expr> {
    let def = marked(call).ok_or_else(|| Error::Internal("no marker".into()))?;
    Ok(order.window(WindowFunctionDefinition::WindowUDF(Arc::new(window::udf(def))), call.args.clone()))
}

struct TimeOrder {
    partition_by: Vec<Column>,
    ts: Column,
    /// The timeframe of the bars, where no column holds it.
    timeframe: Option<String>,
    /// Whether the bars stand for those of any other series.
    is_made_up: bool,
}

impl TimeOrder {
    /// A window function over the series.
    fn window(&self, fun: WindowFunctionDefinition, args: Vec<Expr>) -> Expr {
        Expr::WindowFunction(Box::new(WindowFunction {
            fun,
            params: WindowFunctionParams {
                args,
                partition_by: self.partition_by.iter().cloned().map(Expr::Column).collect(),
                order_by: vec![Expr::Column(self.ts.clone()).sort(true, false)],
                window_frame: WindowFrame::new(Some(true)),
                filter: None,
                null_treatment: None,
                distinct: false,
            },
        }))
    }
}

/// How the rows of a plan are ordered in time, if it is known that they are.
fn time_order(plan: &LogicalPlan) -> Option<TimeOrder> {
    let scan = scan_schema(plan)?;
    let kind = scan.metadata().get(TIME_ORDER)?;
    let ts = trace(plan, "ts")?;
    let labels = ["symbol", "timeframe"].into_iter().filter(|name| scan.field_with_name(name).is_ok());
    let partition_by = match kind.as_str() {
        ONE_SERIES => vec![],
        // A label that was projected away would mix series.
        _ => labels.map(|name| trace(plan, name)).collect::<Option<_>>()?,
    };
    let (timeframe, is_made_up) = (scan.metadata().get(TIMEFRAME).cloned(), scan.metadata().contains_key(MADE_UP));
    Some(TimeOrder { partition_by, ts, timeframe, is_made_up })
}

/// The schema of the scan under a plan that keeps the order of rows.
fn scan_schema(plan: &LogicalPlan) -> Option<SchemaRef> {
    match plan {
        LogicalPlan::TableScan(scan) => Some(scan.source.schema()),
        LogicalPlan::Projection(_)
        | LogicalPlan::Filter(_)
        | LogicalPlan::SubqueryAlias(_)
        | LogicalPlan::Window(_)
        | LogicalPlan::Sort(_)
        | LogicalPlan::Limit(_) => scan_schema(plan.inputs()[0]),
        _ => None,
    }
}

/// The column of `plan` that holds the scan's column `name` unchanged.
fn trace(plan: &LogicalPlan, name: &str) -> Option<Column> {
    match plan {
        LogicalPlan::TableScan(scan) => {
            let (qualifier, field) = scan.projected_schema.iter().find(|(_, f)| f.name() == name)?;
            Some(Column::new(qualifier.cloned(), field.name()))
        }
        LogicalPlan::Projection(projection) => {
            let below = trace(&projection.input, name)?;
            let position = projection.expr.iter().position(|e| match e {
                Expr::Column(column) => *column == below,
                Expr::Alias(alias) => matches!(alias.expr.as_ref(), Expr::Column(column) if *column == below),
                _ => false,
            })?;
            Some(projection.schema.columns()[position].clone())
        }
        LogicalPlan::SubqueryAlias(alias) => {
            let below = trace(&alias.input, name)?;
            let position = alias.input.schema().columns().iter().position(|c| *c == below)?;
            Some(alias.schema.columns()[position].clone())
        }
        LogicalPlan::Filter(_) | LogicalPlan::Window(_) | LogicalPlan::Sort(_) | LogicalPlan::Limit(_) => {
            trace(plan.inputs()[0], name)
        }
        _ => None,
    }
}
