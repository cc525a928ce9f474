//! Turns `random(1000, bb_period => uniform(10, 60))` and the other samplers into the points of a sweep.

use std::sync::Arc;

use datafusion::common::ScalarValue;
use threadx_kernels::search::{MAX_POINTS, Sampler};

use crate::engine::scalar;
use crate::engine::strategy::{ParamType, SearchRange, Strategy, StrategyParam};
use crate::engine::sweep::{ParamGrid, ParamLaw, SampleOptions};
use crate::error::{Error, Result, nearest};
use crate::udf::args::{Arg, Call};
use crate::udf::grid_builder::DEFAULT_SEED;
use crate::udf::strategy_args::values;

/// Words for laws.
pub const LAW_WORDS: &[&str] = &["choice", "integer", "log_uniform", "uniform"];

/// What may stand as the law of a parameter, for errors.
const ALLOWED: &str =
    "a value, a list, search, uniform(low, high), log_uniform(low, high), integer(low, high) or choice([value, ...])";

/// Arguments of a sampler itself, which are no parameters.
const OWN_WORDS: [&str; 2] = ["seed", "strategy"];

fn is_own_word(name: &str) -> bool {
    OWN_WORDS.iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// Positions of the parameters that a call names.
///
/// # Errors
/// A name that is neither a parameter nor an argument of the sampler.
pub fn given(strategy: &Strategy, call: &Call) -> Result<Vec<usize>> {
    let named = call.args.iter().filter_map(|(name, _)| name.as_deref()).filter(|name| !is_own_word(name));
    named.map(|name| Ok(parameter(strategy, &call.name, name)?.0)).collect()
}

/// The points that a call of a sampler describes.
pub fn sampled(strategy: &Arc<Strategy>, sampler: Sampler, call: &Call) -> Result<ParamGrid> {
    let function = sampler.name();
    let mut options = SampleOptions { sampler, seed: DEFAULT_SEED, points: points(function, call)? };
    let mut seeded = false;
    let mut laws: Vec<Option<ParamLaw>> = vec![None; strategy.params.len()];
    for (position, (name, arg)) in call.args.iter().enumerate().skip(1) {
        let Some(name) = name else {
            return Err(Error::argument(format!(
                "{function}(): argument {} has no name; behind the number of points write `parameter => law`",
                position + 1
            )));
        };
        if name.eq_ignore_ascii_case("seed") {
            if std::mem::replace(&mut seeded, true) {
                return Err(Error::argument(format!("{function}(): argument `seed` is given twice")));
            }
            options.seed = seed(function, arg)?;
        } else if !is_own_word(name) {
            let (index, param) = parameter(strategy, function, name)?;
            if laws[index].replace(Site { function, strategy, param }.law(arg)?).is_some() {
                return Err(Error::argument(format!("{function}(): parameter `{}` is given twice", param.name)));
            }
        }
    }
    if laws.iter().all(Option::is_none) {
        return Err(Error::argument(format!(
            "{function}() varies no parameter of strategy `{}`; write `parameter => law`, a law being {ALLOWED}",
            strategy.name
        )));
    }
    let default = |(law, param): (Option<ParamLaw>, &StrategyParam)| {
        law.unwrap_or_else(|| ParamLaw::Values(vec![param.default.clone()]))
    };
    ParamGrid::sampled(Arc::clone(strategy), options, laws.into_iter().zip(&strategy.params).map(default).collect())
}

/// The number of points, which comes first.
fn points(function: &str, call: &Call) -> Result<u64> {
    let wrong = |got: &str| {
        Err(Error::argument(format!("`n` of {function}() must be a whole number from 1 to {MAX_POINTS}, got {got}")))
    };
    let range = 1..=MAX_POINTS as i64;
    match call.args.first() {
        Some((None, Arg::Scalar(value))) => match scalar::int(value).filter(|n| range.contains(n)) {
            Some(n) => Ok(n as u64),
            None => wrong(&scalar::describe(value)),
        },
        Some((None, arg)) => wrong(&got(arg)),
        Some((Some(_), _)) | None => Err(no_points(function)),
    }
}

fn no_points(function: &str) -> Error {
    Error::argument(format!(
        "{function}() needs the number of points first, without a name: {function}(1000, parameter => law, ...)"
    ))
}

fn seed(function: &str, arg: &Arg) -> Result<u64> {
    let value = match arg {
        Arg::Scalar(value) => scalar::int(value).and_then(|seed| u64::try_from(seed).ok()),
        _ => None,
    };
    value.ok_or_else(|| {
        Error::argument(format!("`seed` of {function}() must be a whole number, at least 0, got {}", got(arg)))
    })
}

fn parameter<'a>(strategy: &'a Strategy, function: &str, name: &str) -> Result<(usize, &'a StrategyParam)> {
    strategy.param(name).map_err(|error| match nearest(name, OWN_WORDS) {
        _ if name.eq_ignore_ascii_case("n") => no_points(function),
        Some(_) => Error::unknown("argument", name, format!("{function}()"), OWN_WORDS),
        None => error,
    })
}

/// An argument as an error shows it.
fn got(arg: &Arg) -> String {
    match arg {
        Arg::Scalar(value) => scalar::describe(value),
        Arg::Outer(_) => "a column".into(),
        Arg::Call(call) => format!("{}(...)", call.name),
        Arg::Relation(_) => "a relation".into(),
        Arg::Search => "`search`".into(),
    }
}

/// A parameter inside a call of a sampler.
#[derive(Clone, Copy)]
struct Site<'a> {
    function: &'a str,
    strategy: &'a Strategy,
    param: &'a StrategyParam,
}

impl Site<'_> {
    fn error(self, reason: impl std::fmt::Display) -> Error {
        let Site { function, strategy, param } = self;
        Error::argument(format!("{function}(): `{}` of strategy `{}`: {reason}", param.name, strategy.name))
    }

    fn law(self, arg: &Arg) -> Result<ParamLaw> {
        match arg {
            Arg::Search => self.search(),
            Arg::Scalar(_) | Arg::Outer(_) => self.values(arg),
            Arg::Call(call) => match call.name.as_str() {
                "choice" => self.choice(call),
                "integer" => self.integers(call),
                "uniform" if self.param.ty == ParamType::Int => self.integers(call),
                "uniform" => self.numbers(call, ParamLaw::uniform),
                "log_uniform" => self.numbers(call, ParamLaw::log_uniform),
                word => Err(self.error(match nearest(word, LAW_WORDS.iter().copied()) {
                    Some(near) => format!("unknown law {word}(...); did you mean {near}(...)?"),
                    None => format!("must be {ALLOWED}, got {word}(...)"),
                })),
            },
            Arg::Relation(_) => Err(self.error(format!("must be {ALLOWED}, got a relation"))),
        }
    }

    fn values(self, arg: &Arg) -> Result<ParamLaw> {
        let values = values(self.strategy, self.param, arg);
        Ok(ParamLaw::Values(values.map_err(|error| Error::argument(format!("{}(): {error}", self.function)))?))
    }

    /// The declared range; between its ends a DOUBLE takes any number.
    fn search(self) -> Result<ParamLaw> {
        let law = match &self.param.search {
            Some(SearchRange::Steps { start, stop, .. }) => {
                let (low, high) = (start.min(*stop), start.max(*stop));
                match self.param.ty {
                    ParamType::Int => ParamLaw::integers(low as i64, high as i64),
                    _ => ParamLaw::uniform(low, high),
                }
            }
            _ => return self.values(&Arg::Search),
        };
        law.map_err(|reason| self.error(reason))
    }

    fn choice(self, call: &Call) -> Result<ParamLaw> {
        match call.args.as_slice() {
            [(None, arg @ Arg::Scalar(list))] if scalar::elements(list).is_some() => self.values(arg),
            _ => Err(self.error("choice([value, ...]) takes one list of values")),
        }
    }

    fn integers(self, call: &Call) -> Result<ParamLaw> {
        if !matches!(self.param.ty, ParamType::Int | ParamType::Double) {
            return Err(self.wrong_type(call, "INT and DOUBLE parameters"));
        }
        let [low, high] = self.ends(call, "whole numbers", scalar::int)?;
        // The ends of `uniform` are told by its own name.
        ParamLaw::integers(low, high)
            .map_err(|reason| self.error(reason.replace("integer(", &format!("{}(", call.name))))
    }

    fn numbers(self, call: &Call, make: fn(f64, f64) -> Result<ParamLaw, String>) -> Result<ParamLaw> {
        match (self.param.ty, call.name.as_str()) {
            (ParamType::Double, _) => {}
            (ParamType::Int, _) => {
                return Err(self.wrong_type(call, "DOUBLE parameters; integer(low, high) draws whole numbers"));
            }
            _ => return Err(self.wrong_type(call, "INT and DOUBLE parameters")),
        }
        let [low, high] = self.ends(call, "finite numbers", scalar::number)?;
        make(low, high).map_err(|reason| self.error(reason))
    }

    fn wrong_type(self, call: &Call, takes: &str) -> Error {
        let rest = match self.param.ty {
            ParamType::Bool | ParamType::Text => "; give a list of values",
            _ => "",
        };
        self.error(format!("it is {}, and {}() draws {takes}{rest}", self.param.ty.name(), call.name))
    }

    /// The two ends of a range.
    fn ends<T>(self, call: &Call, what: &str, read: fn(&ScalarValue) -> Option<T>) -> Result<[T; 2]> {
        let wrong = |got: String| self.error(format!("{}(low, high) takes two {what}, got {got}", call.name));
        let read = |arg: &Arg| match arg {
            Arg::Scalar(value) => read(value).ok_or_else(|| wrong(scalar::describe(value))),
            other => Err(wrong(got(other))),
        };
        match call.args.as_slice() {
            [(None, low), (None, high)] => Ok([read(low)?, read(high)?]),
            [(Some(name), _), ..] | [_, (Some(name), _), ..] => Err(wrong(format!("the named argument `{name}`"))),
            [_] => Err(wrong("one".into())),
            args => Err(wrong(args.len().to_string())),
        }
    }
}
