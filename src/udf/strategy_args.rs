//! Turns `bb_atr(bb_period => [10, 20])`, `grid(...)`, a sampler, a name or a subquery into a strategy and its grid points.

use std::sync::Arc;

use crate::engine::scalar;
use crate::engine::strategy::{ParamValue, Strategy, StrategyParam};
use crate::engine::sweep::{GridSource, ParamGrid};
use crate::error::{Error, Result};
use crate::udf::args::{Arg, Call};
use crate::udf::grid_builder::grid_builder;
use crate::udf::sampler_args::{self, LAW_WORDS, sampled};
use crate::udf::table::Context;

/// The strategy that grids and subqueries use when they name none.
pub const DEFAULT_STRATEGY: &str = "bb_atr";

/// The strategy that an argument names; its parameter values may still be unknown columns.
pub fn strategy(ctx: &Context, arg: &Arg) -> Result<Arc<Strategy>> {
    let name = match arg {
        Arg::Call(call) if grid_builder(&call.name).is_some() => {
            let named = call.args.iter().find(|(name, _)| is_strategy_word(name));
            match named {
                Some((_, Arg::Scalar(value))) => scalar::text(value).ok_or_else(|| wrong_strategy(value))?,
                Some((_, Arg::Call(call))) if call.args.is_empty() => call.name.clone(),
                Some(_) => {
                    return Err(Error::argument(format!(
                        "`strategy` of {}() must be the name of a strategy",
                        call.name
                    )));
                }
                None => DEFAULT_STRATEGY.to_string(),
            }
        }
        Arg::Call(call) => call.name.clone(),
        Arg::Scalar(value) => scalar::text(value).ok_or_else(|| wrong_strategy(value))?,
        Arg::Relation(_) => DEFAULT_STRATEGY.to_string(),
        Arg::Outer(_) | Arg::Search => {
            return Err(Error::argument("the strategy must be named here; only its parameters may be columns"));
        }
    };
    ctx.workspace.strategies.get(&name)
}

fn is_strategy_word(name: &Option<String>) -> bool {
    name.as_deref().is_some_and(|n| n.eq_ignore_ascii_case("strategy"))
}

fn wrong_strategy(value: &datafusion::common::ScalarValue) -> Error {
    Error::argument(format!("a strategy is named by a string or a call, got {}", scalar::describe(value)))
}

/// Positions of the parameters that an argument names, in the order of declaration. It depends on the names alone, so that
/// it is the same before and after the columns of a `LATERAL` join have values.
pub fn given(strategy: &Strategy, arg: &Arg) -> Result<Vec<usize>> {
    let mut given = match arg {
        Arg::Relation(plan) => {
            plan.schema().fields().iter().map(|f| Ok(strategy.param(f.name())?.0)).collect::<Result<Vec<_>>>()?
        }
        Arg::Call(call) if grid_builder(&call.name).is_some_and(|builder| builder.sampler.is_some()) => {
            sampler_args::given(strategy, call)?
        }
        Arg::Call(call) => match call.args.as_slice() {
            [(None, relation @ Arg::Relation(_)), ..] => self::given(strategy, relation)?,
            args => {
                let named = args.iter().enumerate().filter(|(_, (name, _))| !is_strategy_word(name));
                let position = |(place, (name, _)): (usize, &(Option<String>, Arg))| match name {
                    Some(name) => Ok(strategy.param(name)?.0),
                    None => Ok(place),
                };
                named.map(position).collect::<Result<Vec<_>>>()?
            }
        },
        _ => vec![],
    };
    given.retain(|index| *index < strategy.params.len());
    given.sort_unstable();
    given.dedup();
    Ok(given)
}

/// The points that an argument describes.
pub fn points(strategy: &Arc<Strategy>, arg: &Arg) -> Result<GridSource> {
    match arg {
        Arg::Relation(plan) => {
            for field in plan.schema().fields() {
                strategy.param(field.name())?;
            }
            Ok(GridSource::Query(plan.clone()))
        }
        Arg::Call(call) => match grid_builder(&call.name).map(|builder| builder.sampler) {
            Some(Some(sampler)) => Ok(GridSource::Ready(sampled(strategy, sampler, call)?)),
            Some(None) => grid(strategy, call),
            None => Ok(GridSource::Ready(product(strategy, &call.name, &call.args)?)),
        },
        _ => Ok(GridSource::Ready(product(strategy, &strategy.name, &[])?)),
    }
}

fn grid(strategy: &Arc<Strategy>, call: &Call) -> Result<GridSource> {
    let args: Vec<(Option<String>, Arg)> =
        call.args.iter().filter(|(name, _)| !is_strategy_word(name)).cloned().collect();
    if let [(None, relation @ Arg::Relation(_))] = args.as_slice() {
        return points(strategy, relation);
    }
    if let Some((None, _)) = args.iter().find(|(name, _)| name.is_none()) {
        return Err(Error::argument(format!(
            "the arguments of {}() are written `parameter => values`, or it takes one subquery",
            call.name
        )));
    }
    Ok(GridSource::Ready(product(strategy, &call.name, &args)?))
}

fn product(strategy: &Arc<Strategy>, function: &str, args: &[(Option<String>, Arg)]) -> Result<ParamGrid> {
    let mut axes: Vec<Option<Vec<ParamValue>>> = vec![None; strategy.params.len()];
    for (position, (name, arg)) in args.iter().enumerate() {
        let index = match name {
            Some(name) => strategy.param(name)?.0,
            None if args[..position].iter().any(|(name, _)| name.is_some()) => {
                return Err(Error::argument(format!(
                    "{function}(): argument {} has no name but follows a named one; write `name => value`",
                    position + 1
                )));
            }
            None if position < strategy.params.len() => position,
            None => {
                return Err(Error::argument(format!(
                    "{function}() takes at most {} arguments, got {}",
                    strategy.params.len(),
                    args.len()
                )));
            }
        };
        let param = &strategy.params[index];
        if axes[index].replace(values(strategy, param, arg)?).is_some() {
            return Err(Error::argument(format!("{function}(): parameter `{}` is given twice", param.name)));
        }
    }
    let axes = axes
        .into_iter()
        .zip(&strategy.params)
        .map(|(axis, param)| axis.unwrap_or_else(|| vec![param.default.clone()]))
        .collect();
    ParamGrid::product(Arc::clone(strategy), axes)
}

/// The values of a parameter that are written one by one.
pub fn values(strategy: &Strategy, param: &StrategyParam, arg: &Arg) -> Result<Vec<ParamValue>> {
    let wrong = |got: &str| {
        Error::argument(format!(
            "`{}` of strategy `{}` must be {}, got {got}",
            param.name,
            strategy.name,
            param.ty.name()
        ))
    };
    match arg {
        Arg::Search => param.search_values(&strategy.name),
        Arg::Scalar(value) => match scalar::elements(value) {
            Some(list) => list.iter().map(|v| param.ty.value(v).ok_or_else(|| wrong(&scalar::describe(v)))).collect(),
            None => Ok(vec![param.ty.value(value).ok_or_else(|| wrong(&scalar::describe(value)))?]),
        },
        // A column of a LATERAL join has no value while it is planned; the default stands in for the schema.
        Arg::Outer(_) => Ok(vec![param.default.clone()]),
        Arg::Call(call) if LAW_WORDS.contains(&call.name.as_str()) => Err(wrong(&format!(
            "{0}(...); laws belong into a sampler: random(1000, {1} => {0}(...))",
            call.name, param.name
        ))),
        Arg::Call(call) => Err(wrong(&format!("{}(...)", call.name))),
        Arg::Relation(_) => Err(wrong("a relation")),
    }
}
