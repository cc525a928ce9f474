//! `at_timeframe` and `at_series` in a query: window functions over the columns of bars.

use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::config::ConfigOptions;
use datafusion::common::{DataFusionError, ScalarValue};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::function::{PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion::logical_expr::{PartitionEvaluator, Signature, Volatility, WindowUDF, WindowUDFImpl};

use crate::engine::indicator::without_markers;
use crate::engine::series::{Series, SeriesKey, bars_schema};
use crate::engine::sweep::SeenCall;
use crate::engine::view::Others;
use crate::error::{Error, Result};

type DfResult<T> = std::result::Result<T, DataFusionError>;

/// The arguments of the window function: the columns of bars, then symbol and timeframe.
pub const ARGS: [&str; 8] = ["ts", "open", "high", "low", "close", "volume", "symbol", "timeframe"];

/// The window function of a call whose columns are those of bars, and which gives values of a type. It takes [`ARGS`].
///
/// # Errors
/// A call that cannot be evaluated on other bars, with the reason.
pub fn udf(call: ScalarFunction, data_type: DataType, options: &ConfigOptions, others: Others) -> Result<WindowUDF> {
    let seen = SeenCall::new(&call, Arc::new(options.clone()), others)?;
    let name = without_markers(&datafusion::logical_expr::Expr::ScalarFunction(call.clone()).to_string());
    let signature = Signature::any(ARGS.len(), Volatility::Immutable);
    Ok(WindowUDF::new_from_impl(OtherBarsUdf { call, name, data_type, signature, seen }))
}

#[derive(Debug)]
struct OtherBarsUdf {
    call: ScalarFunction,
    /// The call as it is written, so that two calls in one query differ in name.
    name: String,
    data_type: DataType,
    signature: Signature,
    seen: SeenCall,
}

impl PartialEq for OtherBarsUdf {
    fn eq(&self, other: &Self) -> bool {
        self.call == other.call && self.data_type == other.data_type
    }
}

impl Eq for OtherBarsUdf {}

impl Hash for OtherBarsUdf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.call.hash(state);
    }
}

impl WindowUDFImpl for OtherBarsUdf {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn partition_evaluator(&self, _: PartitionEvaluatorArgs) -> DfResult<Box<dyn PartitionEvaluator>> {
        Ok(Box::new(Evaluator { seen: self.seen.clone(), data_type: self.data_type.clone() }))
    }

    fn field(&self, args: WindowUDFFieldArgs) -> DfResult<FieldRef> {
        Ok(Arc::new(Field::new(args.name(), self.data_type.clone(), true)))
    }
}

#[derive(Debug)]
struct Evaluator {
    seen: SeenCall,
    data_type: DataType,
}

impl PartitionEvaluator for Evaluator {
    fn evaluate_all(&mut self, values: &[ArrayRef], rows: usize) -> DfResult<ArrayRef> {
        if rows == 0 {
            return Ok(datafusion::arrow::array::new_empty_array(&self.data_type));
        }
        let value = self.seen.evaluate(Arc::new(series(values)?))?;
        Ok(if *value.data_type() == self.data_type { value } else { cast(&value, &self.data_type)? })
    }

    fn evaluate(&mut self, _: &[ArrayRef], _: &Range<usize>) -> DfResult<ScalarValue> {
        Err(Error::Internal("other bars are evaluated for a whole series at once".into()).into())
    }
}

/// The series that the arguments of one partition hold.
fn series(values: &[ArrayRef]) -> Result<Series> {
    let [columns @ .., symbol, timeframe] = values else {
        return Err(Error::Internal("a call on other bars without the columns of bars".into()));
    };
    if let Some(place) = columns.iter().position(|column| column.null_count() > 0) {
        return Err(Error::argument(format!("bars of which `{}` is NULL cannot be lined up with others", ARGS[place])));
    }
    let label = |array: &ArrayRef, what: &str| -> Result<String> {
        let texts = cast(array, &DataType::Utf8)?;
        let mut texts = texts.as_string::<i32>().iter();
        let first = texts.next().flatten().unwrap_or_default().to_string();
        match texts.all(|text| text == Some(first.as_str())) {
            true => Ok(first),
            false => Err(Error::argument(format!(
                "bars of more than one {what} are no series that others can be lined up with"
            ))),
        }
    };
    let key = SeriesKey::parse(&label(symbol, "symbol")?, &label(timeframe, "timeframe")?)?;
    Series::try_new(key, RecordBatch::try_new(bars_schema(), columns.to_vec())?, None)
}
