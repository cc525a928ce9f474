//! Which other bars an expression is evaluated on.

use std::fmt;

use datafusion::logical_expr::Expr;

use crate::engine::scalar;
use crate::engine::series::Symbol;
use crate::engine::strategy::{ParamValue, placeholder_index};
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};

/// Other bars, named from the bars of a series; without a symbol they are longer bars of that series, without a timeframe
/// they have its timeframe, and without both they are its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct View {
    /// The other symbol.
    pub symbol: Option<Symbol>,
    /// The other timeframe.
    pub timeframe: Option<Timeframe>,
}

impl View {
    /// Whether these are the bars themselves.
    pub fn is_own(&self) -> bool {
        self.symbol.is_none() && self.timeframe.is_none()
    }
}

/// The constant arguments that name a [`View`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ViewArgs {
    symbol: Option<Word>,
    timeframe: Option<Word>,
}

/// A string, or the parameter of a strategy that holds it, by position.
#[derive(Debug, Clone, PartialEq)]
enum Word {
    Text(String),
    Param(usize),
}

impl ViewArgs {
    /// The arguments of `function`.
    ///
    /// # Errors
    /// An argument that is neither a string nor a parameter.
    pub fn new(function: &str, symbol: Option<&Expr>, timeframe: Option<&Expr>) -> Result<Self> {
        let word = |what: &str, expr: &Expr| match expr {
            Expr::Literal(value, _) if scalar::text(value).is_some() => {
                Ok(Word::Text(scalar::text(value).unwrap_or_default()))
            }
            Expr::Placeholder(placeholder) => Ok(Word::Param(placeholder_index(&placeholder.id)?)),
            other => Err(Error::argument(format!(
                "the {what} of {function}() must be a string or a TEXT parameter of the strategy, got `{other}`"
            ))),
        };
        Ok(ViewArgs {
            symbol: symbol.map(|expr| word("symbol", expr)).transpose()?,
            timeframe: timeframe.map(|expr| word("timeframe", expr)).transpose()?,
        })
    }

    /// Those of the bars of another symbol.
    pub fn of_symbol(symbol: &Symbol) -> Self {
        ViewArgs { symbol: Some(Word::Text(symbol.as_str().into())), timeframe: None }
    }

    /// The parameters among them, by position.
    pub fn params(&self) -> impl Iterator<Item = usize> {
        [&self.symbol, &self.timeframe].into_iter().filter_map(|word| match word {
            Some(Word::Param(index)) => Some(*index),
            _ => None,
        })
    }

    /// The bars that they name where the parameters have these values.
    ///
    /// # Errors
    /// A bad symbol, an unknown timeframe, a parameter that is no string or has no value.
    pub fn view(&self, point: &[ParamValue]) -> Result<View> {
        let text = |word: &Word| match word {
            Word::Text(text) => Ok(text.clone()),
            Word::Param(index) => match point.get(*index) {
                Some(ParamValue::Text(text)) => Ok(text.clone()),
                Some(other) => Err(Error::argument(format!("a symbol or timeframe must be a string, got {other}"))),
                None => Err(Error::argument(
                    "a symbol or timeframe cannot be a parameter of a prepared statement; write the string",
                )),
            },
        };
        let symbol = self.symbol.as_ref().map(|word| Symbol::parse(&text(word)?)).transpose()?;
        let timeframe = self.timeframe.as_ref().map(|word| Timeframe::parse(&text(word)?)).transpose()?;
        Ok(View { symbol, timeframe })
    }

    /// The arguments as they are written, with these names of parameters.
    pub fn describe(&self, params: &[String]) -> String {
        let words = [&self.symbol, &self.timeframe].into_iter().flatten().map(|word| match word {
            Word::Text(text) => format!("'{text}'"),
            Word::Param(index) => format!("${}", params.get(*index).map_or("?", String::as_str)),
        });
        words.collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.symbol, self.timeframe) {
            (Some(symbol), Some(timeframe)) => write!(f, "{symbol} {timeframe}"),
            (Some(symbol), None) => write!(f, "{symbol}"),
            (None, Some(timeframe)) => write!(f, "{timeframe}"),
            (None, None) => f.write_str("own bars"),
        }
    }
}
