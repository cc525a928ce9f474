//! Window functions that turn out to be equal once their arguments are evaluated: `sma(close, 20)` and `sma(close, 10 * 2)`.
//!
//! DataFusion's elimination of common subexpressions would move such a function out of its window, where it can't be
//! planned. Here the first of them stays, and the others read its column.

use std::sync::Arc;

use datafusion::common::DataFusionError;
use datafusion::common::tree_node::Transformed;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, Window};
use datafusion::optimizer::optimizer::ApplyOrder;
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

type DfResult<T> = std::result::Result<T, DataFusionError>;
type Rule = Arc<dyn OptimizerRule + Send + Sync>;

/// The rule that would move equal functions out of their window.
const COMMON: &str = "common_sub_expression_eliminate";

/// Logical optimizer rule that leaves one of several equal window functions.
#[derive(Debug)]
pub struct EqualWindows;

/// The rules of a session with these in their place, instead of ones of the same name that are there already.
pub fn before_common(rules: &[Rule], ours: Vec<Rule>) -> Vec<Rule> {
    let is_ours = |rule: &&Rule| ours.iter().any(|other| other.name() == rule.name());
    let mut rules: Vec<Rule> = rules.iter().filter(|rule| !is_ours(rule)).cloned().collect();
    let place = rules.iter().position(|rule| rule.name() == COMMON).unwrap_or(rules.len());
    rules.splice(place..place, ours);
    rules
}

impl OptimizerRule for EqualWindows {
    fn name(&self) -> &str {
        "equal_windows"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::BottomUp)
    }

    fn supports_rewrite(&self) -> bool {
        true
    }

    fn rewrite(&self, plan: LogicalPlan, _: &dyn OptimizerConfig) -> DfResult<Transformed<LogicalPlan>> {
        let LogicalPlan::Window(window) = &plan else { return Ok(Transformed::no(plan)) };
        let mut distinct: Vec<&Expr> = vec![];
        // Which of the different functions each column shows.
        let mut shown = vec![];
        for expr in &window.window_expr {
            let known = distinct.iter().position(|first| bare(first) == bare(expr) && !expr.is_volatile());
            shown.push(known.unwrap_or(distinct.len()));
            if known.is_none() {
                distinct.push(expr);
            }
        }
        if distinct.len() == window.window_expr.len() {
            return Ok(Transformed::no(plan));
        }
        let before = window.input.schema().fields().len();
        let distinct = distinct.into_iter().cloned().collect();
        let smaller = LogicalPlan::Window(Window::try_new(distinct, Arc::clone(&window.input))?);
        let columns = smaller.schema().columns();
        let wanted = window.schema.columns();
        let places = (0..before).chain(shown.into_iter().map(|number| before + number));
        let exprs = places.zip(wanted).map(|(place, wanted)| {
            let column = columns[place].clone();
            if column == wanted {
                return Expr::Column(column);
            }
            Expr::Column(column).alias_qualified(wanted.relation, wanted.name)
        });
        let exprs: Vec<Expr> = exprs.collect();
        Ok(Transformed::yes(LogicalPlanBuilder::from(smaller).project(exprs)?.build()?))
    }
}

/// The function under its names.
fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Alias(alias) => bare(&alias.expr),
        expr => expr,
    }
}
