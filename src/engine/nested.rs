//! Scans of tables, and plans inside plans: what `resample(...)` reads is a plan of its own, which the visitors of DataFusion do not
//! enter.

use std::any::Any;
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::common::TableReference;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNodeRecursion};
use datafusion::datasource::{provider_as_source, source_as_provider};
use datafusion::logical_expr::{LogicalPlan, LogicalPlanBuilder, TableScan, TableSource};

use super::resample_exec::ResampleTable;
use crate::error::Result;

/// The table that a scan reads, if it is a `T`; `read` gets it.
pub fn with_table<T: Any, R>(scan: &TableScan, read: impl FnOnce(&T) -> R) -> Option<R> {
    let provider = source_as_provider(&scan.source).ok()?;
    (provider.as_ref() as &dyn Any).downcast_ref::<T>().map(read)
}

/// The scan of what a call of a table function gives; `call` tells it from all others.
///
/// DataFusion takes scans with equal names and columns for the same relation, and computes subqueries over them once. So the
/// scan has the call for its name, and the name of the function as an alias.
///
/// # Errors
/// Columns that cannot be qualified.
pub fn scan_of_call(function: &str, call: String, source: Arc<dyn TableSource>) -> Result<LogicalPlan> {
    let scan = LogicalPlanBuilder::scan(TableReference::bare(call), source, None)?;
    Ok(scan.alias(TableReference::bare(function))?.build()?)
}

/// The scan of another table with the same columns.
pub fn scan_of(scan: &TableScan, table: impl TableProvider + 'static) -> LogicalPlan {
    LogicalPlan::TableScan(TableScan { source: provider_as_source(Arc::new(table)), ..scan.clone() })
}

/// Changes the plans that a plan reads through `resample(...)`, innermost first, and then the plan itself.
///
/// # Errors
/// Those of `change`, and a changed plan that `resample` cannot read.
pub fn map_plans(plan: LogicalPlan, change: &dyn Fn(LogicalPlan) -> Result<LogicalPlan>) -> Result<LogicalPlan> {
    let plan = plan.transform_up_with_subqueries(|node| {
        let LogicalPlan::TableScan(scan) = &node else { return Ok(Transformed::no(node)) };
        let over = |table: &ResampleTable| table.over(map_plans(table.plan().clone(), change)?);
        Ok(match with_table(scan, over) {
            Some(table) => Transformed::yes(scan_of(scan, table?)),
            None => Transformed::no(node),
        })
    });
    change(plan.data()?)
}

/// A plan and the plans that it reads through `resample(...)`.
///
/// # Errors
/// None that a plan can cause.
pub fn every_plan(plan: &LogicalPlan) -> Result<Vec<LogicalPlan>> {
    let mut plans = vec![plan.clone()];
    let mut next = 0;
    while let Some(plan) = plans.get(next).cloned() {
        plan.apply_with_subqueries(|node| {
            if let LogicalPlan::TableScan(scan) = node {
                plans.extend(with_table(scan, |table: &ResampleTable| table.plan().clone()));
            }
            Ok(TreeNodeRecursion::Continue)
        })?;
        next += 1;
    }
    Ok(plans)
}
