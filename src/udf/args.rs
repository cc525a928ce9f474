//! The one argument resolver: names, order, defaults, types, ranges and suggestions for every call of ours.

use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, LogicalPlan};

use crate::engine::scalar::{describe, int, number, text, texts, timestamp};
use crate::error::{Error, Result};

/// One argument as it was written, constants folded.
#[derive(Debug, Clone)]
pub enum Arg {
    /// A constant.
    Scalar(ScalarValue),
    /// A column of the relation on the left of `LATERAL`; becomes a constant for each of its rows.
    Outer(Expr),
    /// A strategy or a grid with its own arguments.
    Call(Call),
    /// A subquery or a table function.
    Relation(Box<LogicalPlan>),
    /// The word `search`: the search range that a strategy parameter declares.
    Search,
}

/// A name with arguments, such as `bb_atr(bb_period => 20)`.
#[derive(Debug, Clone)]
pub struct Call {
    /// Name in lower case.
    pub name: String,
    /// Arguments in the order written; the name of a positional one is absent.
    pub args: Vec<(Option<String>, Arg)>,
}

/// What an argument must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ArgKind {
    /// A string.
    Text,
    /// A string, an array of strings, or a subquery with one column of strings.
    Texts,
    /// One of a list of words.
    Word(&'static [&'static str]),
    /// A whole number in a closed range.
    Int {
        /// Smallest valid value.
        min: i64,
        /// Largest valid value.
        max: i64,
    },
    /// A finite number in a closed range.
    Number {
        /// Smallest valid value.
        min: f64,
        /// Largest valid value.
        max: f64,
    },
    /// `true` or `false`.
    Bool,
    /// A date or timestamp, UTC unless it carries an offset.
    Timestamp,
    /// One of a list of words, or a number.
    WordOrNumber {
        /// The words.
        words: &'static [&'static str],
        /// Smallest valid number.
        min: f64,
    },
    /// A subquery or a table function.
    Relation,
    /// A strategy or a grid.
    Strategy,
}

impl ArgKind {
    /// How the kind is called in documentation and errors.
    pub fn describe(&self) -> String {
        match self {
            ArgKind::Text => "a string".into(),
            ArgKind::Texts => "a string or an array of strings".into(),
            ArgKind::Word(words) => format!("one of {}", words.join(", ")),
            ArgKind::Int { min, max } => match (*min, *max) {
                (min, i64::MAX) => format!("a whole number, at least {min}"),
                (min, max) => format!("a whole number from {min} to {max}"),
            },
            ArgKind::Number { min, max } => match (*min, *max) {
                (f64::NEG_INFINITY, f64::INFINITY) => "a number".into(),
                (min, f64::INFINITY) => format!("a number, at least {min}"),
                (min, max) => format!("a number from {min} to {max}"),
            },
            ArgKind::Bool => "true or false".into(),
            ArgKind::Timestamp => "a date or timestamp".into(),
            ArgKind::WordOrNumber { words, min } => {
                let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
                let number = match *min {
                    f64::MIN_POSITIVE => "a number above 0".to_string(),
                    min => format!("a number, at least {min}"),
                };
                format!("{} or {number}", words.join(", "))
            }
            ArgKind::Relation => "a table function or a subquery in parentheses".into(),
            ArgKind::Strategy => "a strategy such as bb_atr(bb_period => 20), or grid(...)".into(),
        }
    }
}

/// Declares one argument of a function.
#[derive(Debug, Clone, Copy)]
pub struct ArgDef {
    /// Argument name.
    pub name: &'static str,
    /// What it must be.
    pub kind: ArgKind,
    /// Value when absent, as shown in the documentation; `None` makes the argument mandatory.
    pub default: Option<&'static str>,
    /// Whether it must be named.
    pub named_only: bool,
    /// One sentence.
    pub summary: &'static str,
}

impl ArgDef {
    /// The default as SQL; `None` where there is none or it can only be told in words.
    pub fn default_sql(&self) -> Option<&'static str> {
        self.default.filter(|text| text.starts_with('\'') || text.parse::<f64>().is_ok())
    }

    /// A mandatory argument.
    pub const fn required(name: &'static str, kind: ArgKind, summary: &'static str) -> Self {
        ArgDef { name, kind, default: None, named_only: false, summary }
    }

    /// An argument with a default.
    pub const fn optional(name: &'static str, kind: ArgKind, default: &'static str, summary: &'static str) -> Self {
        ArgDef { name, kind, default: Some(default), named_only: false, summary }
    }

    /// An argument with a default that must be named.
    pub const fn named(name: &'static str, kind: ArgKind, default: &'static str, summary: &'static str) -> Self {
        ArgDef { name, kind, default: Some(default), named_only: true, summary }
    }
}

/// Arguments of one call, matched to their declarations and checked.
#[derive(Debug, Clone)]
pub struct Resolved {
    function: String,
    values: Vec<(&'static str, Arg)>,
}

/// Matches arguments to declarations: positional ones in order, then named ones; checks names, types and ranges.
pub fn resolve(function: &str, defs: &[ArgDef], args: Vec<(Option<String>, Arg)>) -> Result<Resolved> {
    let positional: Vec<&ArgDef> = defs.iter().filter(|d| !d.named_only).collect();
    let mut values: Vec<(&'static str, Arg)> = Vec::with_capacity(args.len());
    let mut seen_named = false;
    for (index, (name, value)) in args.into_iter().enumerate() {
        let def = match name {
            None if seen_named => {
                return Err(Error::argument(format!(
                    "{function}(): argument {} has no name but follows a named one; write `name => value`",
                    index + 1
                )));
            }
            None if is_late_strategy(&positional, &values, &value) => {
                return Err(Error::argument(format!(
                    "{function}() takes the arguments {} in this order, and the strategy is argument {}; several symbols are one \
                     argument, such as ['BTCUSDT', 'ETHUSDT']",
                    positional.iter().map(|def| def.name).collect::<Vec<_>>().join(", "),
                    index + 1
                )));
            }
            None => *positional.get(index).ok_or_else(|| {
                let names: Vec<&str> = positional.iter().map(|d| d.name).collect();
                let options = if defs.len() > positional.len() { "; options are written `name => value`" } else { "" };
                if defs.is_empty() {
                    return Error::argument(format!("{function}() takes no arguments"));
                }
                Error::argument(format!(
                    "{function}() takes at most {} positional arguments ({}), got more{options}",
                    positional.len(),
                    names.join(", ")
                ))
            })?,
            Some(name) => {
                seen_named = true;
                defs.iter().find(|d| d.name.eq_ignore_ascii_case(&name)).ok_or_else(|| {
                    Error::unknown("argument", &name, format!("{function}()"), defs.iter().map(|d| d.name))
                })?
            }
        };
        if values.iter().any(|(n, _)| *n == def.name) {
            return Err(Error::argument(format!("{function}(): argument `{}` is given twice", def.name)));
        }
        check(function, def, &value)?;
        values.push((def.name, value));
    }
    for def in defs {
        if def.default.is_none() && !values.iter().any(|(n, _)| *n == def.name) {
            return Err(Error::argument(format!(
                "{function}() needs the argument `{}`: {} ({})",
                def.name,
                def.summary.trim_end_matches('.'),
                def.kind.describe()
            )));
        }
    }
    Ok(Resolved { function: function.to_string(), values })
}

/// Whether the first call stands behind the place of the strategy, as it does where symbols are written one by one.
fn is_late_strategy(positional: &[&ArgDef], before: &[(&'static str, Arg)], value: &Arg) -> bool {
    let place = positional.iter().position(|def| matches!(def.kind, ArgKind::Strategy));
    let is_call = |value: &Arg| matches!(value, Arg::Call(_));
    is_call(value) && place.is_some_and(|place| place < before.len()) && !before.iter().any(|(_, value)| is_call(value))
}

fn check(function: &str, def: &ArgDef, value: &Arg) -> Result<()> {
    let wrong = |got: String| {
        Err(Error::argument(format!("`{}` of {function}() must be {}, got {got}", def.name, def.kind.describe())))
    };
    match (value, def.kind) {
        (Arg::Outer(_), ArgKind::Relation) => wrong("a column".into()),
        (Arg::Outer(_), _) => Ok(()),
        (Arg::Relation(_), ArgKind::Relation | ArgKind::Texts | ArgKind::Strategy) => Ok(()),
        (Arg::Relation(_), _) => wrong("a relation".into()),
        (Arg::Call(_), ArgKind::Strategy) => Ok(()),
        (Arg::Call(call), _) => wrong(format!("{}(...)", call.name)),
        (Arg::Search, _) => wrong("`search`".into()),
        (Arg::Scalar(scalar), _) if scalar.is_null() => wrong("NULL".into()),
        (Arg::Scalar(scalar), kind) => {
            let fits = match kind {
                ArgKind::Text => text(scalar).is_some(),
                ArgKind::Strategy => text(scalar).is_some(),
                ArgKind::Texts => texts(scalar).is_some_and(|t| !t.is_empty()),
                ArgKind::Word(words) => {
                    let Some(word) = text(scalar) else { return wrong(describe(scalar)) };
                    if !words.iter().any(|w| w.eq_ignore_ascii_case(&word)) {
                        let place = format!("`{}` of {function}()", def.name);
                        return Err(match crate::error::nearest(&word, words.iter().copied()) {
                            Some(near) => Error::argument(format!(
                                "{place} must be {}, got '{word}'; did you mean '{near}'?",
                                kind.describe()
                            )),
                            None => Error::argument(format!("{place} must be {}, got '{word}'", kind.describe())),
                        });
                    }
                    true
                }
                ArgKind::Int { min, max } => int(scalar).is_some_and(|v| v >= min && v <= max),
                ArgKind::Number { min, max } => number(scalar).is_some_and(|v| v >= min && v <= max),
                ArgKind::Bool => matches!(scalar, ScalarValue::Boolean(Some(_))),
                ArgKind::Timestamp => timestamp(scalar).is_some(),
                ArgKind::WordOrNumber { words, min } => {
                    text(scalar).is_some_and(|t| words.iter().any(|w| w.eq_ignore_ascii_case(&t)))
                        || number(scalar).is_some_and(|v| v >= min)
                }
                ArgKind::Relation => false,
            };
            if fits { Ok(()) } else { wrong(describe(scalar)) }
        }
    }
}

impl Resolved {
    /// Name of the function, for errors.
    pub fn function(&self) -> &str {
        &self.function
    }

    /// The argument, if it was given.
    pub fn get(&self, name: &str) -> Option<&Arg> {
        self.values.iter().find(|(n, _)| *n == name).map(|(_, v)| v)
    }

    fn scalar(&self, name: &str) -> Option<&ScalarValue> {
        match self.get(name) {
            Some(Arg::Scalar(scalar)) => Some(scalar),
            _ => None,
        }
    }

    /// A string argument.
    pub fn text(&self, name: &str) -> Option<String> {
        self.scalar(name).and_then(text)
    }

    /// A word in lower case.
    pub fn word(&self, name: &str) -> Option<String> {
        self.text(name).map(|w| w.to_lowercase())
    }

    /// A whole number.
    pub fn int(&self, name: &str) -> Option<i64> {
        self.scalar(name).and_then(int)
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.scalar(name).and_then(number)
    }

    /// A truth value.
    pub fn bool(&self, name: &str) -> Option<bool> {
        match self.scalar(name) {
            Some(ScalarValue::Boolean(value)) => *value,
            _ => None,
        }
    }

    /// A point in time, in microseconds since the epoch, UTC.
    pub fn timestamp(&self, name: &str) -> Option<i64> {
        self.scalar(name).and_then(timestamp)
    }

    /// One or several strings; `None` if absent or a subquery.
    pub fn texts(&self, name: &str) -> Option<Vec<String>> {
        self.scalar(name).and_then(texts)
    }

    /// The plan of a relation argument.
    pub fn relation(&self, name: &str) -> Option<&LogicalPlan> {
        match self.get(name) {
            Some(Arg::Relation(plan)) => Some(plan),
            _ => None,
        }
    }
}
