//! `bars ASOF JOIN bars('BTCUSDT') AS btc MATCH_CONDITION (bars.ts >= btc.ts)`: the other bars as columns of a relation.
//!
//! DataFusion cannot plan such a join. Between bars of one length it says the same as `at_series`, of which it is made here.
//! Where the lengths differ, a comparison of the times at which bars open would show bars before they have closed, and is
//! refused.

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, Expr, FunctionArg, FunctionArgExpr, Ident, JoinConstraint, JoinOperator, Select, TableAlias,
    TableFactor, Value,
};

use crate::engine::statement::{end, parser, syntax};
use crate::engine::strategy::BODY_RELATION;
use crate::error::{Error, Result};

/// How the join is written.
const USAGE: &str = "FROM bars ASOF JOIN bars('SYMBOL') AS other MATCH_CONDITION (bars.ts >= other.ts)";

/// The column by which the bars find what they see.
const KEY: &str = "__ts";

/// Rewrites the joins of a query into others that DataFusion plans.
///
/// # Errors
/// A join of anything but bars of one length, or by anything but their times.
pub fn joins(select: &mut Select) -> Result<()> {
    for from in &mut select.from {
        let left = from.relation.clone();
        for join in &mut from.joins {
            if let JoinOperator::AsOf { match_condition, constraint } = &join.join_operator {
                let on = bars(&left, true).ok_or_else(|| wrong("takes the bars of one series on its left side"))?;
                let other = bars(&join.relation, false)
                    .ok_or_else(|| wrong("takes the bars of one series on its right side"))?;
                let Some(alias) = other.alias.clone() else { return Err(wrong("needs a name for the other bars")) };
                if *constraint != JoinConstraint::None {
                    return Err(wrong("takes no ON and no USING"));
                }
                let left_name = on.alias.as_ref().map_or(Ident::new("bars"), |alias| alias.name.clone());
                if !compares(match_condition, &left_name, &alias.name) {
                    return Err(wrong(&format!("matches by MATCH_CONDITION ({left_name}.ts >= {}.ts)", alias.name)));
                }
                let timeframe = same_length(&on, &other)?;
                (join.relation, join.join_operator) = seen(&left, &other.symbol, timeframe, (left_name, alias))?;
            }
        }
    }
    Ok(())
}

fn wrong(what: &str) -> Error {
    Error::argument(format!("ASOF JOIN {what}; write {USAGE}"))
}

/// A relation of bars: the series of a strategy, or `bars(symbol, timeframe)`.
struct BarsOf {
    /// None for the series of the strategy.
    symbol: Option<String>,
    timeframe: Option<String>,
    alias: Option<TableAlias>,
}

/// The bars that a relation is; `may_be_cut` says whether more arguments, such as `since`, may follow their names.
fn bars(factor: &TableFactor, may_be_cut: bool) -> Option<BarsOf> {
    let TableFactor::Table { name, alias, args: Some(args), .. } = factor else { return None };
    let name = name.to_string().to_lowercase();
    let is_body = name == BODY_RELATION;
    if !is_body && name != "bars" {
        return None;
    }
    let texts: Vec<String> = args.args.iter().map_while(string).collect();
    if !may_be_cut && (texts.len() < args.args.len() || texts.len() > 2) {
        return None;
    }
    let (symbol, timeframe) = match (is_body, texts.as_slice()) {
        (true, []) => (None, None),
        (true, [symbol]) => (Some(symbol.clone()), None),
        (false, [symbol, timeframe, ..]) => (Some(symbol.clone()), Some(timeframe.clone())),
        _ => return None,
    };
    Some(BarsOf { symbol, timeframe, alias: alias.clone() })
}

/// The string that an argument is.
pub fn string(arg: &FunctionArg) -> Option<String> {
    match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value))) => match &value.value {
            Value::SingleQuotedString(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// The timeframe of both sides, where it is written.
fn same_length<'a>(on: &BarsOf, other: &'a BarsOf) -> Result<Option<&'a str>> {
    if on.timeframe == other.timeframe {
        return Ok(other.timeframe.as_deref());
    }
    let (symbol, timeframe) = (other.symbol.as_deref().unwrap_or_default(), other.timeframe.as_deref());
    Err(Error::argument(format!(
        "ASOF JOIN compares the times at which bars open, which is the order in which they are known only between bars of one \
         length; {}at_series('{symbol}', {}expression) sees bars of any length once they have closed",
        if on.symbol.is_none() { "leave the timeframe out, or " } else { "" },
        timeframe.map(|timeframe| format!("'{timeframe}', ")).unwrap_or_default()
    )))
}

/// Whether a condition is `left.ts >= right.ts`.
fn compares(condition: &Expr, left: &Ident, right: &Ident) -> bool {
    let is_ts = |expr: &Expr, of: &Ident| match expr {
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [name, column] => name.value.eq_ignore_ascii_case(&of.value) && column.value.eq_ignore_ascii_case("ts"),
            _ => false,
        },
        _ => false,
    };
    match condition {
        Expr::Nested(inner) => compares(inner, left, right),
        Expr::BinaryOp { left: a, op: BinaryOperator::GtEq, right: b } => is_ts(a, left) && is_ts(b, right),
        Expr::BinaryOp { left: a, op: BinaryOperator::LtEq, right: b } => is_ts(a, right) && is_ts(b, left),
        _ => false,
    }
}

/// The other bars that each bar of `left` sees, joined by its time.
fn seen(
    left: &TableFactor,
    symbol: &Option<String>,
    timeframe: Option<&str>,
    (left_name, alias): (Ident, TableAlias),
) -> Result<(TableFactor, JoinOperator)> {
    let mut source = left.clone();
    if let TableFactor::Table { alias, .. } = &mut source {
        *alias = None;
    }
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let mut args = symbol.as_deref().map(quoted).unwrap_or_default();
    if let Some(timeframe) = timeframe {
        args += &format!(", {}", quoted(timeframe));
    }
    let columns = ["ts", "open", "high", "low", "close", "volume"];
    let columns = columns.map(|name| format!("at_series({args}, {name}) AS {name}")).join(", ");
    let mut parser = parser(&format!("SELECT ts AS {KEY}, {columns} FROM {source}"))?;
    let subquery = parser.parse_query().map_err(syntax)?;
    end(&mut parser)?;
    let key = vec![alias.name.clone(), Ident::new(KEY)];
    let on = Expr::BinaryOp {
        left: Box::new(Expr::CompoundIdentifier(vec![left_name, Ident::new("ts")])),
        op: BinaryOperator::Eq,
        right: Box::new(Expr::CompoundIdentifier(key)),
    };
    let relation = TableFactor::Derived { lateral: false, subquery, alias: Some(alias), sample: None };
    Ok((relation, JoinOperator::Left(JoinConstraint::On(on))))
}
