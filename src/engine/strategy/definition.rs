//! What a strategy is: typed parameters with defaults, checks and search ranges, and a query.

use std::fmt;

use datafusion::arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::sql::sqlparser::ast::{Expr as SqlExpr, Query};

use crate::engine::scalar;
use crate::error::{Error, Result};

/// A strategy: `CREATE STRATEGY name (parameters) AS query`.
#[derive(Debug, Clone)]
pub struct Strategy {
    /// Name in lower case.
    pub name: String,
    /// One sentence, from `COMMENT`.
    pub description: String,
    /// Parameters in the order of declaration.
    pub params: Vec<StrategyParam>,
    /// Conditions between parameters: `CHECK (fast < slow)`.
    pub checks: Vec<SqlExpr>,
    /// The query over `bars`.
    pub query: Query,
    /// The statement as it was written.
    pub source: String,
    /// Whether it ships with the engine.
    pub built_in: bool,
}

/// A parameter of a strategy.
#[derive(Debug, Clone)]
pub struct StrategyParam {
    /// Name in lower case; the body writes `$name`.
    pub name: String,
    /// Type.
    pub ty: ParamType,
    /// Value when the argument is absent.
    pub default: ParamValue,
    /// Condition on the value.
    pub check: Option<SqlExpr>,
    /// Values that the word `search` stands for.
    pub search: Option<SearchRange>,
    /// One sentence, from `COMMENT`.
    pub description: String,
}

/// Type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParamType {
    /// A whole number.
    Int,
    /// A finite number.
    Double,
    /// `true` or `false`.
    Bool,
    /// A string.
    Text,
}

impl ParamType {
    /// Name in SQL.
    pub fn name(self) -> &'static str {
        match self {
            ParamType::Int => "INT",
            ParamType::Double => "DOUBLE",
            ParamType::Bool => "BOOLEAN",
            ParamType::Text => "TEXT",
        }
    }

    /// Type of the column that holds the parameter.
    pub fn data_type(self) -> DataType {
        match self {
            ParamType::Int => DataType::Int64,
            ParamType::Double => DataType::Float64,
            ParamType::Bool => DataType::Boolean,
            ParamType::Text => DataType::Utf8,
        }
    }

    /// The value of a constant in this type, or `None` if it does not fit.
    pub fn value(self, scalar: &ScalarValue) -> Option<ParamValue> {
        match self {
            ParamType::Int => scalar::int(scalar).map(ParamValue::Int),
            ParamType::Double => scalar::number(scalar).map(ParamValue::Double),
            ParamType::Bool => match scalar {
                ScalarValue::Boolean(value) => value.map(ParamValue::Bool),
                _ => None,
            },
            ParamType::Text => scalar::text(scalar).map(ParamValue::Text),
        }
    }
}

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum ParamValue {
    /// A whole number.
    Int(i64),
    /// A finite number.
    Double(f64),
    /// A truth value.
    Bool(bool),
    /// A string.
    Text(String),
}

impl ParamValue {
    /// The value as a constant of SQL.
    pub fn scalar(&self) -> ScalarValue {
        match self {
            ParamValue::Int(v) => ScalarValue::Int64(Some(*v)),
            ParamValue::Double(v) => ScalarValue::Float64(Some(*v)),
            ParamValue::Bool(v) => ScalarValue::Boolean(Some(*v)),
            ParamValue::Text(v) => ScalarValue::Utf8(Some(v.clone())),
        }
    }
}

impl fmt::Display for ParamValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParamValue::Int(v) => write!(f, "{v}"),
            ParamValue::Double(v) => write!(f, "{v:?}"),
            ParamValue::Bool(v) => write!(f, "{v}"),
            ParamValue::Text(v) => write!(f, "'{}'", v.replace('\'', "''")),
        }
    }
}

/// The values that `search` stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum SearchRange {
    /// `SEARCH (start, stop, step)`: every value from start to stop, both included.
    Steps {
        /// First value.
        start: f64,
        /// Last value, included if a whole number of steps reaches it.
        stop: f64,
        /// Distance between values.
        step: f64,
    },
    /// `SEARCH [a, b, ...]`: these values.
    Values(Vec<ParamValue>),
}

impl fmt::Display for SearchRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SearchRange::Steps { start, stop, step } => write!(f, "({start}, {stop}, {step})"),
            SearchRange::Values(values) => {
                let values: Vec<String> = values.iter().map(ParamValue::to_string).collect();
                write!(f, "[{}]", values.join(", "))
            }
        }
    }
}

impl Strategy {
    /// The parameter with this name, or an error that suggests one.
    pub fn param(&self, name: &str) -> Result<(usize, &StrategyParam)> {
        self.params.iter().enumerate().find(|(_, p)| p.name.eq_ignore_ascii_case(name)).ok_or_else(|| {
            Error::unknown(
                "parameter",
                name,
                format!("strategy `{}`", self.name),
                self.params.iter().map(|p| p.name.as_str()),
            )
        })
    }

    /// `name(param => default, ...)`.
    pub fn signature(&self) -> String {
        let params: Vec<String> = self.params.iter().map(|p| format!("{} => {}", p.name, p.default)).collect();
        format!("{}({})", self.name, params.join(", "))
    }

    /// An error about this strategy.
    pub fn error(&self, message: impl Into<String>) -> Error {
        Error::Strategy { strategy: self.name.clone(), message: message.into() }
    }
}

impl StrategyParam {
    /// The values of the declared search range, or an error if there is none.
    pub fn search_values(&self, strategy: &str) -> Result<Vec<ParamValue>> {
        match &self.search {
            None => Err(Error::argument(format!(
                "parameter `{}` of strategy `{strategy}` declares no SEARCH range; give the values as a list",
                self.name
            ))),
            Some(SearchRange::Values(values)) => Ok(values.clone()),
            Some(SearchRange::Steps { start, stop, step }) => {
                let values = threadx_kernels::search::steps(*start, *stop, *step).map_err(Error::argument)?;
                Ok(values
                    .into_iter()
                    .map(|v| if self.ty == ParamType::Int { ParamValue::Int(v as i64) } else { ParamValue::Double(v) })
                    .collect())
            }
        }
    }
}
