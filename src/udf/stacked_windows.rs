//! Window functions over the results of others: `becomes_true(coalesce(sma(close, 10) > close, false))`.
//!
//! DataFusion's elimination of common subexpressions looks for them in all windows that stand on top of each other, and
//! computes what it finds below the lowest one, also if that reads the results of a window in between. Here what the upper
//! window computes for its arguments moves into a projection of its own, which stands where the results are.

use std::sync::Arc;

use datafusion::common::tree_node::Transformed;
use datafusion::common::{Column, DataFusionError};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, Window};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

type DfResult<T> = std::result::Result<T, DataFusionError>;

/// Logical optimizer rule that separates a window from the one whose results it computes with.
#[derive(Debug)]
pub struct StackedWindows;

impl OptimizerRule for StackedWindows {
    fn name(&self) -> &str {
        "stacked_windows"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::BottomUp)
    }

    fn supports_rewrite(&self) -> bool {
        true
    }

    fn rewrite(&self, plan: LogicalPlan, _: &dyn OptimizerConfig) -> DfResult<Transformed<LogicalPlan>> {
        let LogicalPlan::Window(upper) = &plan else { return Ok(Transformed::no(plan)) };
        let LogicalPlan::Window(lower) = upper.input.as_ref() else { return Ok(Transformed::no(plan)) };
        let results = &lower.schema.columns()[lower.input.schema().fields().len()..];
        let mut computed: Vec<Expr> = vec![];
        let mut functions = upper.window_expr.clone();
        for function in functions.iter_mut().filter_map(arguments) {
            for argument in function.iter_mut().filter(|argument| reads(argument, results)) {
                let known = computed.iter().position(|expr| expr == argument).unwrap_or_else(|| {
                    computed.push(argument.clone());
                    computed.len() - 1
                });
                *argument = Expr::Column(Column::new_unqualified(name(known)));
            }
        }
        if computed.is_empty() {
            return Ok(Transformed::no(plan));
        }
        let passed = upper.input.schema().columns();
        let wanted = upper.schema.columns();
        let named = computed.into_iter().enumerate().map(|(i, expr)| expr.alias(name(i)));
        let between = LogicalPlanBuilder::from(Arc::clone(&upper.input))
            .project(passed.iter().cloned().map(Expr::Column).chain(named))?
            .build()?;
        let names = wanted[passed.len()..].iter().map(|column| column.name.clone());
        let functions =
            functions.into_iter().zip(names).map(|(function, name)| function.unalias().alias(name)).collect();
        let window = LogicalPlan::Window(Window::try_new(functions, Arc::new(between))?);
        let shown = wanted.into_iter().map(Expr::Column);
        Ok(Transformed::yes(LogicalPlanBuilder::from(window).project(shown)?.build()?))
    }
}

/// The name of a computed argument.
fn name(number: usize) -> String {
    format!("__argument_{number}")
}

/// The arguments of a window function under its names.
fn arguments(expr: &mut Expr) -> Option<&mut Vec<Expr>> {
    match expr {
        Expr::Alias(alias) => arguments(&mut alias.expr),
        Expr::WindowFunction(function) => Some(&mut function.params.args),
        _ => None,
    }
}

/// Whether an argument is computed from one of these columns.
fn reads(argument: &Expr, columns: &[Column]) -> bool {
    !matches!(argument, Expr::Column(_)) && argument.column_refs().iter().any(|column| columns.contains(column))
}
