//! Refuses what would make a strategy give other signals each time: chance and the clock.

use datafusion::common::DataFusionError;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::{Expr, LogicalPlan, Volatility, WindowFunctionDefinition};

use crate::error::Result;

/// Why an expression may have another value the next time, if it may: the call that does it.
pub fn unsteady(expr: &Expr) -> Result<Option<String>> {
    let mut found = None;
    expr.apply(|e| {
        let (name, volatility) = match e {
            Expr::ScalarFunction(call) => (call.func.name(), call.func.signature().volatility),
            Expr::AggregateFunction(call) => (call.func.name(), call.func.signature().volatility),
            Expr::WindowFunction(call) => match &call.fun {
                WindowFunctionDefinition::WindowUDF(udf) => (udf.name(), udf.signature().volatility),
                WindowFunctionDefinition::AggregateUDF(udf) => (udf.name(), udf.signature().volatility),
            },
            _ => return Ok(TreeNodeRecursion::Continue),
        };
        found = match volatility {
            Volatility::Immutable => return Ok(TreeNodeRecursion::Continue),
            Volatility::Stable => Some(format!("{name}(), which is another time in every run")),
            Volatility::Volatile => Some(format!("{name}(), which differs from call to call")),
        };
        Ok(TreeNodeRecursion::Stop)
    })?;
    Ok(found)
}

/// As [`unsteady`], for every expression of a plan, its subqueries and its views.
pub fn unsteady_plan(plan: &LogicalPlan) -> Result<Option<String>> {
    let mut found = None;
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node
            && let Some(view) = scan.source.get_logical_plan()
        {
            found = unsteady_plan(&view)?;
        }
        if found.is_none() {
            node.apply_expressions(|expr| {
                found = unsteady(expr)?;
                Ok::<_, DataFusionError>(if found.is_some() {
                    TreeNodeRecursion::Stop
                } else {
                    TreeNodeRecursion::Continue
                })
            })?;
        }
        Ok(if found.is_some() { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(found)
}
