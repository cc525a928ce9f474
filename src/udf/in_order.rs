//! Indicators without `OVER`: `rsi(close, 14)` over a relation that is in time order.
//!
//! The SQL rewriter turns such a call into a marker; the analyzer rule here turns markers into window functions over the
//! series, innermost first, so that calls may be nested and may stand in `WHERE`.

use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::config::ConfigOptions;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DataFusionError};
use datafusion::logical_expr::expr::{ScalarFunction, WindowFunction, WindowFunctionParams};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, WindowFrame, WindowFunctionDefinition};
use datafusion::optimizer::AnalyzerRule;
use threadx_kernels::indicator::Indicator;

use crate::engine::indicator::{marked, no_order};
use crate::engine::order::{ONE_SERIES, TIME_ORDER};
use crate::error::{Error, Result};
use crate::udf::window;

type DfResult<T> = std::result::Result<T, DataFusionError>;

/// Analyzer rule that turns markers into window functions.
#[derive(Debug)]
pub struct InTimeOrder;

impl AnalyzerRule for InTimeOrder {
    fn name(&self) -> &str {
        "indicators_in_time_order"
    }

    fn analyze(&self, plan: LogicalPlan, _: &ConfigOptions) -> DfResult<LogicalPlan> {
        plan.transform_up_with_subqueries(|node| Ok(rewrite(node)?)).data()
    }
}

fn rewrite(node: LogicalPlan) -> Result<Transformed<LogicalPlan>> {
    let exprs = node.expressions();
    if !exprs.iter().any(holds_marker) {
        return Ok(Transformed::no(node));
    }
    let inputs = node.inputs();
    let [input] = inputs.as_slice() else {
        let def = exprs.iter().find_map(|e| innermost(e).into_iter().next()).map(|(def, _)| def);
        return Err(def.map(no_order).unwrap_or_else(|| Error::Internal("marker without a relation".into())));
    };
    let columns = input.schema().columns();
    let preserver = NamePreserver::new(&node);
    let names: Vec<_> = exprs.iter().map(|e| preserver.save(e)).collect();
    let mut input = (*input).clone();
    let mut exprs = exprs;
    loop {
        let mut calls: Vec<(&'static Indicator, ScalarFunction)> = vec![];
        for found in exprs.iter().flat_map(innermost) {
            if !calls.iter().any(|(_, call)| *call == found.1) {
                calls.push(found);
            }
        }
        let Some((first, _)) = calls.first() else { break };
        let order = time_order(&input).ok_or_else(|| no_order(first))?;
        let windows: Vec<Expr> = calls.iter().map(|(def, call)| window_call(def, call, &order)).collect();
        let results: Vec<Expr> =
            windows.iter().map(|w| Expr::Column(Column::from_name(w.schema_name().to_string()))).collect();
        input = LogicalPlanBuilder::from(input).window(windows)?.build()?;
        exprs = exprs
            .into_iter()
            .map(|expr| {
                expr.transform_up(|e| {
                    let Expr::ScalarFunction(call) = &e else { return Ok(Transformed::no(e)) };
                    Ok(match calls.iter().position(|(_, c)| c == call) {
                        Some(position) => Transformed::yes(results[position].clone()),
                        None => Transformed::no(e),
                    })
                })
                .data()
            })
            .collect::<DfResult<_>>()?;
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

fn holds_marker(expr: &Expr) -> bool {
    expr.exists(|e| Ok(matches!(e, Expr::ScalarFunction(call) if marked(call).is_some()))).unwrap_or(false)
}

/// The markers of an expression whose arguments hold no marker.
fn innermost(expr: &Expr) -> Vec<(&'static Indicator, ScalarFunction)> {
    let mut found = vec![];
    let _ = expr.apply(|e| {
        if let Expr::ScalarFunction(call) = e
            && let Some(def) = marked(call)
            && !call.args.iter().any(holds_marker)
        {
            found.push((def, call.clone()));
            return Ok(TreeNodeRecursion::Jump);
        }
        Ok(TreeNodeRecursion::Continue)
    });
    found
}

struct TimeOrder {
    partition_by: Vec<Column>,
    ts: Column,
}

fn window_call(def: &'static Indicator, call: &ScalarFunction, order: &TimeOrder) -> Expr {
    Expr::WindowFunction(Box::new(WindowFunction {
        fun: WindowFunctionDefinition::WindowUDF(Arc::new(window::udf(def))),
        params: WindowFunctionParams {
            args: call.args.clone(),
            partition_by: order.partition_by.iter().cloned().map(Expr::Column).collect(),
            order_by: vec![Expr::Column(order.ts.clone()).sort(true, false)],
            window_frame: WindowFrame::new(Some(true)),
            filter: None,
            null_treatment: None,
            distinct: false,
        },
    }))
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
    Some(TimeOrder { partition_by, ts })
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
