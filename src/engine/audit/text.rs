//! Expressions of a plan as SQL, for people.

use datafusion::common::Column;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::logical_expr::Expr;
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

/// An expression as SQL, columns without the name of their relation.
pub fn sql(expr: &Expr) -> String {
    let bare = expr.clone().unalias_nested().data.transform(|e| {
        Ok(match e {
            Expr::Column(column) => Transformed::yes(Expr::Column(Column::new_unqualified(column.name))),
            other => Transformed::no(other),
        })
    });
    let bare = bare.data().unwrap_or_else(|_| expr.clone());
    let text = match Unparser::new(&Bare).with_pretty(true).expr_to_sql(&bare) {
        Ok(written) => written.to_string(),
        // What has no form in SQL, such as a struct literal of a plan, is shown as DataFusion shows it.
        Err(_) => bare.to_string(),
    };
    without_markers(&text)
}
