//! Expressions of a plan as SQL, for people.

use std::collections::HashSet;
use std::ops::ControlFlow;

use datafusion::common::Column;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::logical_expr::Expr;
use datafusion::sql::sqlparser::ast::{
    Expr as SqlExpr, VisitMut, VisitorMut, WindowFrameBound, WindowFrameUnits, WindowSpec, WindowType,
};
use datafusion::sql::unparser::Unparser;
use datafusion::sql::unparser::dialect::Dialect;

use crate::engine::indicator::without_markers;

/// Names that need no quotes are written without.
struct Bare;

impl Dialect for Bare {
    fn identifier_quote_style(&self, identifier: &str) -> Option<char> {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let starts_well = identifier.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
        (!starts_well || !identifier.chars().all(is_plain)).then_some('"')
    }
}

/// An expression as SQL. Columns have the name of their relation only where there are several.
pub fn sql(expr: &Expr) -> String {
    let relations: HashSet<_> = expr.column_refs().into_iter().map(|column| &column.relation).collect();
    let bare = expr.clone().unalias_nested().data.transform(|e| {
        Ok(match e {
            Expr::Column(column) if relations.len() < 2 => {
                Transformed::yes(Expr::Column(Column::new_unqualified(column.name)))
            }
            other => Transformed::no(other),
        })
    });
    let bare = bare.data().unwrap_or_else(|_| expr.clone());
    let text = match Unparser::new(&Bare).with_pretty(true).expr_to_sql(&bare) {
        Ok(mut written) => {
            let _ = VisitMut::visit(&mut written, &mut Shorter);
            written.to_string()
        }
        // What has no form in SQL, such as a struct literal of a plan, is shown as DataFusion shows it.
        Err(_) => bare.to_string(),
    };
    without_markers(&text)
}

/// Leaves out of `OVER (...)` what is there by default.
struct Shorter;

impl VisitorMut for Shorter {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut SqlExpr) -> ControlFlow<()> {
        if let SqlExpr::Function(call) = expr
            && let Some(WindowType::WindowSpec(window)) = &mut call.over
        {
            shorten(window);
        }
        ControlFlow::Continue(())
    }
}

fn shorten(window: &mut WindowSpec) {
    for key in &mut window.order_by {
        let options = &mut key.options;
        options.asc = options.asc.filter(|asc| !asc);
        options.nulls_first = options.nulls_first.filter(|first| *first);
    }
    let default = match window.order_by.is_empty() {
        true => (WindowFrameUnits::Rows, Some(WindowFrameBound::Following(None))),
        false => (WindowFrameUnits::Range, Some(WindowFrameBound::CurrentRow)),
    };
    window.window_frame = window.window_frame.take().filter(|frame| {
        let is_from_start = frame.start_bound == WindowFrameBound::Preceding(None);
        !is_from_start || (frame.units, &frame.end_bound) != (default.0, &default.1)
    });
}
