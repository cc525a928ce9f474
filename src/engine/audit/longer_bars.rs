//! Bars that are longer than those of a run and joined to them by the time at which they open: their high, low, close and
//! volume would be known before the bars are over.
//!
//! Only the plain join is refused, which nobody means otherwise. What a body makes of longer bars before it joins them, such as
//! `lag`, may well be causal; about that the audit speaks.

use datafusion::common::Column;
use datafusion::logical_expr::utils::split_conjunction;
use datafusion::logical_expr::{Expr, Join, LogicalPlan, Operator};

use crate::engine::nested::with_table;
use crate::engine::source::SourceTable;
use crate::engine::strategy::{Strategy, bars_scanned};
use crate::engine::timeframe::Timeframe;
use crate::error::Result;

/// What is known of a bar once it is over.
const KNOWN_LATE: &[&str] = &["high", "low", "close", "volume"];

/// Where a column comes from, if it is taken over as it is.
#[derive(Debug, Clone, PartialEq)]
enum Origin {
    /// The bars of the run, or bars of another symbol that are as long.
    Bars,
    /// Bars of these timeframes.
    Others(Vec<Timeframe>),
}

/// Refuses a body that joins bars longer than `timeframe` by the time at which they open, and reads what is known of them only
/// later.
///
/// # Errors
/// Such a join.
pub fn refuse_early_joins(plan: &LogicalPlan, strategy: &Strategy, timeframe: Timeframe) -> Result<()> {
    let read: Vec<Column> = plan.schema().columns();
    match early_join(plan, &read, timeframe)? {
        None => Ok(()),
        Some((longer, condition)) => Err(strategy.error(format!(
            "its body joins {longer} bars by the time at which they open ({condition}), so that a {timeframe} bar sees their \
             close before they are over; at_series('SYMBOL', '{longer}', expression) sees them once they have closed, as does \
             at_timeframe('{longer}', expression) for the same symbol, and ASOF JOIN for bars of one length"
        ))),
    }
}

/// The first such join below a node of which the columns `read` are read.
fn early_join(plan: &LogicalPlan, read: &[Column], timeframe: Timeframe) -> Result<Option<(Timeframe, String)>> {
    let own: Vec<Column> = plan.expressions().iter().flat_map(|expr| expr.column_refs()).cloned().collect();
    let below: Vec<Column> = match plan {
        LogicalPlan::Projection(_) | LogicalPlan::Aggregate(_) => own,
        LogicalPlan::SubqueryAlias(alias) => alias.input.schema().columns(),
        LogicalPlan::Join(join) => {
            if let Some(found) = early(join, read, timeframe) {
                return Ok(Some(found));
            }
            [read, &own].concat()
        }
        _ => [read, &own].concat(),
    };
    for input in plan.inputs() {
        if let Some(found) = early_join(input, &below, timeframe)? {
            return Ok(Some(found));
        }
    }
    let mut found = None;
    plan.apply_subqueries(|inner| {
        found = match found.take() {
            None => early_join(inner, &inner.schema().columns(), timeframe)?,
            known => known,
        };
        Ok(datafusion::common::tree_node::TreeNodeRecursion::Continue)
    })?;
    Ok(found)
}

/// The longer bars of a join, and its condition, if it is such a join.
fn early(join: &Join, read: &[Column], timeframe: Timeframe) -> Option<(Timeframe, String)> {
    let filter = join.filter.iter().flat_map(|filter| split_conjunction(filter));
    let equal = filter.filter_map(|condition| match condition {
        Expr::BinaryExpr(b) if matches!(b.op, Operator::Eq | Operator::IsNotDistinctFrom) => {
            Some((b.left.as_ref(), b.right.as_ref()))
        }
        _ => None,
    });
    for (one, other) in join.on.iter().map(|(left, right)| (left, right)).chain(equal) {
        let (Expr::Column(one), Expr::Column(other)) = (one, other) else { continue };
        let origins = [one, other].map(|column| origin_in(join, column).filter(|(_, name)| name == "ts"));
        let [Some((a, _)), Some((b, _))] = origins else { continue };
        let longer = match (&a, &b) {
            (Origin::Bars, Origin::Others(others)) | (Origin::Others(others), Origin::Bars) => others,
            _ => continue,
        };
        let longest = longer.iter().max_by_key(|timeframe| timeframe.duration_us())?;
        let is_late = |column: &Column| {
            origin_in(join, column).is_some_and(|(origin, name)| {
                matches!(&origin, Origin::Others(others) if others == longer) && KNOWN_LATE.contains(&name.as_str())
            })
        };
        if longest.duration_us() > timeframe.duration_us() && read.iter().any(is_late) {
            return Some((*longest, format!("{} = {}", one.flat_name(), other.flat_name())));
        }
    }
    None
}

/// Where a column of either side of a join comes from, with its name there.
fn origin_in(join: &Join, column: &Column) -> Option<(Origin, String)> {
    origin(&join.left, column).or_else(|| origin(&join.right, column))
}

/// Where a column comes from, with its name there; `None` if anything is made of it on the way.
fn origin(plan: &LogicalPlan, column: &Column) -> Option<(Origin, String)> {
    let index = plan.schema().maybe_index_of_column(column)?;
    match plan {
        LogicalPlan::TableScan(scan) => {
            let name = plan.schema().field(index).name().clone();
            if bars_scanned(plan).is_some() {
                return Some((Origin::Bars, name));
            }
            let timeframes = with_table(scan, |table: &SourceTable| table.source().timeframes())?;
            (!timeframes.is_empty()).then_some((Origin::Others(timeframes), name))
        }
        LogicalPlan::SubqueryAlias(alias) => origin(&alias.input, &alias.input.schema().columns()[index]),
        LogicalPlan::Projection(projection) => {
            let mut expr = &projection.expr[index];
            while let Expr::Alias(alias) = expr {
                expr = &alias.expr;
            }
            match expr {
                Expr::Column(inner) => origin(&projection.input, inner),
                _ => None,
            }
        }
        LogicalPlan::Filter(_) | LogicalPlan::Sort(_) | LogicalPlan::Window(_) | LogicalPlan::Limit(_) => {
            origin(plan.inputs().first()?, column)
        }
        LogicalPlan::Join(join) => origin_in(join, column),
        _ => None,
    }
}
