//! `at_timeframe` and `at_series` in SQL.
//!
//! They are never executed as they stand: the planner of a sweep evaluates the expression on the other bars, and in a query
//! the analyzer turns the call into a window function that does the same.

use std::hash::{Hash, Hasher};

use datafusion::arrow::datatypes::DataType;
use datafusion::common::DataFusionError;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::scalar_doc_sections::DOC_SECTION_OTHER;
use datafusion::logical_expr::{
    ColumnarValue, Documentation, DocumentationBuilder, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    TypeSignature, Volatility,
};

use super::key::ViewArgs;
use crate::error::{Error, Result};

type DfResult<T> = std::result::Result<T, DataFusionError>;

/// What a call is, for the error of a wrong one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewFunction {
    /// Its name.
    pub name: &'static str,
    /// How it is written.
    pub usage: &'static str,
    /// Fewest and most arguments.
    pub args: [usize; 2],
}

/// Longer bars of the same series.
pub const AT_TIMEFRAME: ViewFunction =
    ViewFunction { name: "at_timeframe", usage: "at_timeframe('4h', expression)", args: [2, 2] };

/// Bars of another series.
pub const AT_SERIES: ViewFunction =
    ViewFunction { name: "at_series", usage: "at_series('SYMBOL' [, 'timeframe'], expression)", args: [2, 3] };

/// The function of this name, if it is one of these.
pub fn is_view_name(name: &str) -> Option<ViewFunction> {
    [AT_TIMEFRAME, AT_SERIES].into_iter().find(|function| function.name.eq_ignore_ascii_case(name))
}

/// `at_timeframe` for a session.
pub fn at_timeframe() -> ScalarUDF {
    let documentation = DocumentationBuilder::new_with_details(
        DOC_SECTION_OTHER,
        "An expression evaluated on longer bars of the same series: each bar has the value of the last longer bar that had \
         closed when the bar itself closed, and NULL before the first. The longer bars are made of the bars by bucket, as \
         `resample` makes them, except that a first bucket in whose middle the series begins is left out. In the \
         expression `open`, `high`, `low`, `close`, `volume` and `ts` are those of the longer bars; indicators, arithmetic \
         and parameters may be used, other columns and other functions of this kind may not. The timeframe must be a \
         multiple of that of the bars; it is a string or, in a strategy, a TEXT parameter.",
        AT_TIMEFRAME.usage,
    );
    ScalarUDF::new_from_impl(Marker::new(
        AT_TIMEFRAME,
        documentation.with_sql_example("SELECT ts, close, at_timeframe('4h', rsi(close, 14)) FROM bars('DEMO', '1h')"),
    ))
}

/// `at_series` for a session.
pub fn at_series() -> ScalarUDF {
    let documentation = DocumentationBuilder::new_with_details(
        DOC_SECTION_OTHER,
        "An expression evaluated on the bars of another series, those of `bars('SYMBOL', 'timeframe')`: each bar has the \
         value of the last bar of the other series that had closed when the bar itself closed, and NULL before the first. \
         Without a timeframe the other bars are as long as the bars. In the expression `open`, `high`, `low`, `close`, \
         `volume` and `ts` are those of the other series. Symbol and timeframe are strings or, in a strategy, TEXT \
         parameters.",
        AT_SERIES.usage,
    );
    ScalarUDF::new_from_impl(Marker::new(
        AT_SERIES,
        documentation
            .with_sql_example("SELECT ts, close / at_series('DEMO', '1d', sma(close, 5)) FROM bars('DEMO', '1h')"),
    ))
}

/// A call, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct ViewCall<'a> {
    /// Which function.
    pub function: ViewFunction,
    symbol: Option<&'a Expr>,
    timeframe: Option<&'a Expr>,
    /// What is evaluated on the other bars.
    pub expr: &'a Expr,
}

impl ViewCall<'_> {
    /// The arguments that name the other bars.
    ///
    /// # Errors
    /// One that is no constant.
    pub fn args(&self) -> Result<ViewArgs> {
        ViewArgs::new(self.function.name, self.symbol, self.timeframe)
    }

    /// The error of what cannot be evaluated on other bars.
    pub fn only_indicators(&self) -> Error {
        Error::argument(format!(
            "the expression of {}() may have indicators, arithmetic and parameters, but no subquery, aggregate or window \
             function",
            self.function.name
        ))
    }

    /// The error of a column that the other bars do not have.
    pub fn no_column(&self, column: &str) -> Error {
        // A window function inside is a column of the relation below by now, and has its text as name.
        if ["ROWS BETWEEN", "RANGE BETWEEN"].iter().any(|frame| column.contains(frame)) {
            return self.only_indicators();
        }
        Error::argument(format!(
            "inside {}() stand ts, open, high, low, close and volume of the other bars, and `{column}` is none of them; \
             write its expression there",
            self.function.name
        ))
    }
}

/// The call that an expression is, if it is one of these.
pub fn view_call(call: &ScalarFunction) -> Option<ViewCall<'_>> {
    let function = call.func.inner().downcast_ref::<Marker>()?.function;
    match (function == AT_SERIES, call.args.as_slice()) {
        (false, [timeframe, expr]) => Some(ViewCall { function, symbol: None, timeframe: Some(timeframe), expr }),
        (true, [symbol, expr]) => Some(ViewCall { function, symbol: Some(symbol), timeframe: None, expr }),
        (true, [symbol, timeframe, expr]) => {
            Some(ViewCall { function, symbol: Some(symbol), timeframe: Some(timeframe), expr })
        }
        _ => None,
    }
}

#[derive(Debug)]
struct Marker {
    function: ViewFunction,
    signature: Signature,
    documentation: Documentation,
}

impl Marker {
    fn new(function: ViewFunction, documentation: DocumentationBuilder) -> Self {
        let [fewest, most] = function.args;
        let forms = (fewest..=most).map(TypeSignature::Any).collect();
        let signature = Signature::one_of(forms, Volatility::Immutable);
        Marker { function, signature, documentation: documentation.build() }
    }
}

impl PartialEq for Marker {
    fn eq(&self, other: &Self) -> bool {
        self.function == other.function
    }
}

impl Eq for Marker {}

impl Hash for Marker {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.function.name.hash(state);
    }
}

impl ScalarUDFImpl for Marker {
    fn name(&self) -> &str {
        self.function.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, args: &[DataType]) -> DfResult<DataType> {
        Ok(args.last().cloned().unwrap_or(DataType::Null))
    }

    fn invoke_with_args(&self, _: ScalarFunctionArgs) -> DfResult<ColumnarValue> {
        Err(Error::argument(format!(
            "{}() needs a relation in time order with the columns of bars, such as bars(...)",
            self.function.name
        ))
        .into())
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}
