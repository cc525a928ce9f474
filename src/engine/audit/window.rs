//! What a window function may see of later rows.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::{Expr, WindowFrameBound, WindowFrameUnits};
use threadx_kernels::indicator::INDICATORS;

use super::finding::What;
use crate::engine::scalar;

/// How the rows of a window are known to be ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By time, each time once.
    Ascending,
    /// By time, several rows of one time.
    WithPeers,
    /// By time, the last row first.
    Descending,
    /// Not by time, or not at all.
    Unknown,
}

/// What of a window function may look ahead; `None` where nothing can.
pub fn look_ahead(call: &WindowFunction, order: Order) -> Option<What> {
    let name = call.fun.name().to_lowercase();
    let frame = &call.params.window_frame;
    let is_indicator = INDICATORS.iter().any(|def| def.name == name || def.aliases.contains(&name.as_str()));
    match (name.as_str(), order) {
        (_, Order::Unknown) => Some(What::Unordered),
        ("percent_rank" | "cume_dist" | "ntile", _) => Some(What::WholeWindow),
        ("lag" | "lead", _) => {
            let offset = match call.params.args.get(1) {
                None => Some(1),
                Some(expr) => whole_number(expr),
            };
            let ahead =
                offset.map(|offset| if (name == "lead") == (order != Order::Descending) { offset } else { -offset });
            match ahead {
                Some(rows) if rows <= 0 => None,
                rows => Some(What::RowsAhead(rows)),
            }
        }
        ("row_number" | "rank" | "dense_rank", Order::Descending) => Some(What::Descending),
        ("row_number" | "rank" | "dense_rank", _) => None,
        (_, Order::Descending) if is_indicator => Some(What::Descending),
        _ if is_indicator => None,
        // The frame of a descending window begins with the later rows.
        (_, Order::Descending) => reaches_past(&frame.start_bound, false).then_some(What::Descending),
        (_, Order::WithPeers) if frame.units != WindowFrameUnits::Rows => match frame.end_bound {
            WindowFrameBound::Preceding(_) => None,
            _ => Some(What::Peers),
        },
        _ => reaches_past(&frame.end_bound, true).then_some(What::FrameAhead),
    }
}

/// Whether a bound lies beyond the current row, on the side that `following` says.
fn reaches_past(bound: &WindowFrameBound, following: bool) -> bool {
    match bound {
        WindowFrameBound::CurrentRow => false,
        WindowFrameBound::Following(distance) => following && !is_zero(distance),
        WindowFrameBound::Preceding(distance) => !following && !is_zero(distance),
    }
}

/// Unbounded is NULL.
fn is_zero(distance: &ScalarValue) -> bool {
    scalar::number(distance) == Some(0.0)
}

fn whole_number(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::Literal(value, _) => scalar::int(value),
        Expr::Negative(inner) => whole_number(inner).map(|v| -v),
        Expr::Cast(cast) => whole_number(&cast.expr),
        Expr::Alias(alias) => whole_number(&alias.expr),
        _ => None,
    }
}
