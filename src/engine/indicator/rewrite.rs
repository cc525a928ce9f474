//! Rewrites a statement before it is planned, for what DataFusion's planner has no hook for:
//!
//! - `rsi(close, 14)` without `OVER` becomes the marker that the analyzer resolves;
//! - named arguments of indicators and metrics may leave gaps, which the defaults fill;
//! - `at_timeframe` and `at_series` are checked for what only the text shows, and `ASOF JOIN` is written with them;
//! - `bollinger(close).upper` reads a field of a call's result.
//!
//! The arguments of a table function are constants, strategies, grids and relations. No indicator can stand there, so that a
//! strategy may have the name of one; queries among them are rewritten like any other.

use std::ops::ControlFlow;

use datafusion::sql::parser::{CopyToSource, Statement};
use datafusion::sql::sqlparser::ast::{
    AccessExpr, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, Ident,
    ObjectName, Query, Select, SelectItem, TableFactor, Value, Visit, VisitMut, Visitor, VisitorMut,
};
use threadx_kernels::indicator::{Indicator, Param, ParamKind};
use threadx_kernels::metric::METRICS;

use super::adapter::{choice, default_text, find, signature};
use super::marker::marker_name;
use crate::engine::view::{ViewFunction, asof, is_view_name};
use crate::error::{Error, Result};

/// Rewrites every query inside a statement.
pub fn statement(statement: &mut Statement) -> Result<()> {
    match statement {
        Statement::Statement(inner) => visit(inner.as_mut()),
        Statement::CopyTo(copy) => match &mut copy.source {
            CopyToSource::Query(query) => visit(query.as_mut()),
            CopyToSource::Relation(_) => Ok(()),
        },
        Statement::Explain(explain) => self::statement(&mut explain.statement),
        Statement::CreateExternalTable(_) | Statement::Reset(_) => Ok(()),
    }
}

/// Rewrites a query.
pub fn query(query: &mut Query) -> Result<()> {
    visit(query)
}

/// Rewrites an expression that is an argument of a table function and neither a strategy nor a relation.
pub fn expr(expr: &mut Expr) -> Result<()> {
    visit(expr)
}

fn visit(node: &mut impl VisitMut) -> Result<()> {
    match node.visit(&mut Rewriter::default()) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(error) => Err(*error),
    }
}

#[derive(Default)]
struct Rewriter {
    /// For each relation and query around the current place: whether it is a call, whose arguments are left as they are.
    calls: Vec<bool>,
}

impl VisitorMut for Rewriter {
    type Break = Box<Error>;

    fn pre_visit_query(&mut self, _: &mut Query) -> ControlFlow<Self::Break> {
        self.calls.push(false);
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &mut Query) -> ControlFlow<Self::Break> {
        self.calls.pop();
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Self::Break> {
        let is_call = matches!(factor, TableFactor::Table { args: Some(_), .. } | TableFactor::Function { .. });
        self.calls.push(is_call);
        ControlFlow::Continue(())
    }

    fn post_visit_table_factor(&mut self, _: &mut TableFactor) -> ControlFlow<Self::Break> {
        self.calls.pop();
        ControlFlow::Continue(())
    }

    /// Rewrites joins, and gives each unnamed result column the text of its expression as name, before the text changes.
    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Self::Break> {
        if let Err(error) = asof::joins(select) {
            return ControlFlow::Break(Box::new(error));
        }
        for item in &mut select.projection {
            if let SelectItem::UnnamedExpr(expr) = item
                && holds_call(expr, &|call| indicator_of(call).is_some() || view_function(call).is_some())
            {
                let alias = Ident::with_quote('"', expr.to_string());
                *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias };
            }
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Self::Break> {
        if self.calls.last() == Some(&true) {
            return ControlFlow::Continue(());
        }
        match expr {
            Expr::Function(call) => {
                if let Err(error) = indicator_call(call).and_then(|()| view_call(call)) {
                    return ControlFlow::Break(Box::new(error));
                }
            }
            Expr::CompoundFieldAccess { root, access_chain } if matches!(root.as_ref(), Expr::Function(_)) => {
                if let Some(rewritten) = field_access(root, access_chain) {
                    *expr = rewritten;
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// Whether an expression holds a call that `is_wanted`.
fn holds_call(expr: &Expr, is_wanted: &dyn Fn(&Function) -> bool) -> bool {
    struct Search<'a>(&'a dyn Fn(&Function) -> bool);
    impl Visitor for Search<'_> {
        type Break = ();
        fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
            match expr {
                Expr::Function(call) if (self.0)(call) => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            }
        }
    }
    Visit::visit(expr, &mut Search(is_wanted)).is_break()
}

fn indicator_of(call: &Function) -> Option<&'static Indicator> {
    match call.name.0.as_slice() {
        [part] => part.as_ident().and_then(|ident| find(&ident.value.to_lowercase())),
        _ => None,
    }
}

/// The function on other bars that a call names.
fn view_function(call: &Function) -> Option<ViewFunction> {
    match call.name.0.as_slice() {
        [part] => part.as_ident().and_then(|ident| is_view_name(&ident.value)),
        _ => None,
    }
}

/// Checks a call on other bars: how many arguments, none by name, no window, nothing of its kind inside.
fn view_call(call: &Function) -> Result<()> {
    let Some(ViewFunction { name, usage, args: [fewest, most] }) = view_function(call) else { return Ok(()) };
    let wrong = |what: String| Err(Error::argument(format!("{name}() {what}; the call is {usage}")));
    let given: &[FunctionArg] = match &call.args {
        FunctionArguments::List(list) => &list.args,
        _ => &[],
    };
    if call.over.is_some() {
        return wrong("takes no OVER, because it finds the order of the bars itself".into());
    }
    if !(fewest..=most).contains(&given.len()) {
        let allowed = if fewest == most { fewest.to_string() } else { format!("{fewest} or {most}") };
        return wrong(format!("takes {allowed} arguments, got {}", given.len()));
    }
    for arg in given {
        let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg else {
            return wrong(format!("takes its arguments by position, got `{arg}`"));
        };
        if holds_call(expr, &|inner| view_function(inner).is_some()) {
            return wrong(
                "cannot hold at_timeframe() or at_series(); longer bars of another series are at_series('SYMBOL', \
                 'timeframe', expression)"
                    .into(),
            );
        }
    }
    Ok(())
}

/// Fills the gaps that named arguments of a metric leave before `convention`, its last one, with defaults.
fn metric_call(call: &mut Function) {
    let [part] = call.name.0.as_slice() else { return };
    let name = part.as_ident().map(|ident| ident.value.to_lowercase()).unwrap_or_default();
    let Some(aggregate) = METRICS.iter().find(|m| m.name == name).and_then(|m| m.aggregate.as_ref()) else { return };
    let FunctionArguments::List(list) = &mut call.args else { return };
    let named = |wanted: &str, arg: &FunctionArg| match arg {
        FunctionArg::Named { name, .. } => name.value.eq_ignore_ascii_case(wanted),
        FunctionArg::ExprNamed { name: Expr::Identifier(name), .. } => name.value.eq_ignore_ascii_case(wanted),
        _ => false,
    };
    let Some(last) = list.args.iter().find(|arg| named("convention", arg)).cloned() else { return };
    let positional = list.args.iter().take_while(|arg| matches!(arg, FunctionArg::Unnamed(_))).count();
    for (index, param) in aggregate.params.iter().enumerate() {
        if index + 1 < positional || list.args.iter().any(|arg| named(param.name, arg)) {
            continue;
        }
        let default = Expr::Value(Value::Number(format!("{:?}", param.default), false).into());
        let mut filled = last.clone();
        if let FunctionArg::Named { name, arg, .. } = &mut filled {
            (*name, *arg) = (Ident::new(param.name), FunctionArgExpr::Expr(default));
        } else if let FunctionArg::ExprNamed { name, arg, .. } = &mut filled {
            (*name, *arg) = (Expr::Identifier(Ident::new(param.name)), FunctionArgExpr::Expr(default));
        }
        list.args.push(filled);
    }
}

fn indicator_call(call: &mut Function) -> Result<()> {
    let Some(def) = indicator_of(call) else {
        metric_call(call);
        return Ok(());
    };
    if let FunctionArguments::List(list) = &mut call.args {
        positional(def, list)?;
    }
    if call.over.is_none() {
        call.name = ObjectName::from(vec![Ident::new(marker_name(def))]);
    }
    Ok(())
}

/// Puts the arguments of an indicator into positional order and fills gaps with defaults.
fn positional(def: &'static Indicator, list: &mut FunctionArgumentList) -> Result<()> {
    let names: Vec<&str> = def.inputs.iter().map(|i| i.name).chain(def.params.iter().map(|p| p.name)).collect();
    let usage = || format!("the call is {}", signature(def));
    if list.args.len() > names.len() {
        return Err(Error::argument(format!(
            "{}() takes at most {} arguments, got {}; {}",
            def.name,
            names.len(),
            list.args.len(),
            usage()
        )));
    }
    let mut slots: Vec<Option<Expr>> = vec![None; names.len()];
    for (index, arg) in list.args.iter().enumerate() {
        let (position, value) = match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) => (index, value),
            FunctionArg::Named { name, arg: FunctionArgExpr::Expr(value), .. }
            | FunctionArg::ExprNamed { name: Expr::Identifier(name), arg: FunctionArgExpr::Expr(value), .. } => {
                let position = names.iter().position(|n| n.eq_ignore_ascii_case(&name.value)).ok_or_else(|| {
                    Error::unknown("argument", &name.value, format!("{}()", def.name), names.iter().copied())
                })?;
                (position, value)
            }
            other => return Err(Error::argument(format!("`{other}` is no argument of {}(); {}", def.name, usage()))),
        };
        if slots[position].replace(value.clone()).is_some() {
            return Err(Error::argument(format!("{}(): argument `{}` is given twice", def.name, names[position])));
        }
    }
    let last = slots.iter().rposition(Option::is_some).map_or(0, |p| p + 1).max(def.inputs.len());
    let mut args = Vec::with_capacity(last);
    for (position, slot) in slots.into_iter().take(last).enumerate() {
        let value = match slot {
            Some(value) => word_of_number(def, position, value),
            None => default_expr(def, position)
                .ok_or_else(|| Error::argument(format!("{}() needs `{}`; {}", def.name, names[position], usage())))?,
        };
        args.push(FunctionArg::Unnamed(FunctionArgExpr::Expr(value)));
    }
    for param in def.params.iter().skip(last.saturating_sub(def.inputs.len())) {
        if param.default_value().is_none() {
            return Err(Error::argument(format!("{}() needs `{}`; {}", def.name, param.name, usage())));
        }
    }
    list.args = args;
    Ok(())
}

/// The word in place of its number, for a parameter that is one of a list of words.
fn word_of_number(def: &Indicator, position: usize, value: Expr) -> Expr {
    let param = position.checked_sub(def.inputs.len()).and_then(|p| def.params.get(p));
    match (&value, param.map(|p| p.kind)) {
        (Expr::Value(number), Some(ParamKind::Choice { words, .. })) if matches!(number.value, Value::Number(..)) => {
            match choice(words, &number.to_string()) {
                Some(position) => Expr::Value(Value::SingleQuotedString(words[position].to_string()).into()),
                None => Expr::Value(Value::SingleQuotedString(number.to_string()).into()),
            }
        }
        _ => value,
    }
}

fn default_expr(def: &Indicator, position: usize) -> Option<Expr> {
    let param: &Param = def.params.get(position.checked_sub(def.inputs.len())?)?;
    let text = default_text(param)?;
    let value = match param.kind {
        ParamKind::Choice { default, words } => Value::SingleQuotedString(words[default].to_string()),
        _ => Value::Number(text, false),
    };
    Some(Expr::Value(value.into()))
}

/// `call(...).a.b` as nested calls of `get_field`, or `None` if the chain holds anything but names.
fn field_access(root: &Expr, chain: &[AccessExpr]) -> Option<Expr> {
    chain.iter().try_fold(root.clone(), |value, access| {
        let AccessExpr::Dot(Expr::Identifier(name)) = access else { return None };
        let key = Expr::Value(Value::SingleQuotedString(name.value.clone()).into());
        Some(call("get_field", vec![value, key]))
    })
}

/// A call of a SQL function with positional arguments.
pub fn call(name: &str, args: Vec<Expr>) -> Expr {
    Expr::Function(Function {
        name: ObjectName::from(vec![Ident::new(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args: args.into_iter().map(|a| FunctionArg::Unnamed(FunctionArgExpr::Expr(a))).collect(),
            clauses: vec![],
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: vec![],
    })
}
