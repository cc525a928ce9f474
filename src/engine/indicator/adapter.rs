//! Between SQL and an indicator's descriptor: signature, checked parameters, and columns in and out of the kernels.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Float64Array, StructArray};
use datafusion::arrow::buffer::{BooleanBuffer, Buffer, NullBuffer};
use datafusion::arrow::datatypes::{DataType, Field, Fields, Float64Type, TimeUnit, TimestampMicrosecondType};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Signature, TypeSignature, Volatility};
use threadx_kernels::indicator::{
    FlagColumn, FlagsCompute, FlagsInput, INDICATORS, Indicator, Kind, Param, ParamKind, Params, Twins,
};
use threadx_kernels::simd::numbers;

use super::bitmap::{array_from_flags, flags_from_array};
use crate::engine::scalar;
use crate::error::{Error, Result};

/// The indicator with this name or alias.
pub fn find(name: &str) -> Option<&'static Indicator> {
    INDICATORS.iter().copied().find(|def| def.name == name || def.aliases.contains(&name))
}

/// The signature as it is shown to people: `rsi(x, period => 14)`.
pub fn signature(def: &Indicator) -> String {
    let inputs = def.inputs.iter().map(|input| input.name.to_string());
    let params = def.params.iter().map(|param| match default_text(param) {
        Some(default) => format!("{} => {default}", param.name),
        None => param.name.to_string(),
    });
    format!("{}({})", def.name, inputs.chain(params).collect::<Vec<_>>().join(", "))
}

/// The default of a parameter as SQL text.
pub fn default_text(param: &Param) -> Option<String> {
    match param.kind {
        ParamKind::Int { default, .. } => default.map(|v| v.to_string()),
        ParamKind::Float { default, .. } => default.map(|v| format!("{v:?}")),
        ParamKind::Choice { default, words } => Some(format!("'{}'", words[default])),
    }
}

/// The type of an indicator's result: a column, or a struct of its outputs.
pub fn return_type(def: &Indicator) -> DataType {
    match def.outputs {
        [one] => data_type(one.kind),
        _ => DataType::Struct(output_fields(def)),
    }
}

fn output_fields(def: &Indicator) -> Fields {
    def.outputs.iter().map(|output| Field::new(output.name, data_type(output.kind), true)).collect()
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Number => DataType::Float64,
        Kind::Bool => DataType::Boolean,
        Kind::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
    }
}

/// The SQL signature of an indicator: all inputs and mandatory parameters, then any number of the optional ones.
pub fn sql_signature(def: &Indicator) -> Signature {
    let mut types: Vec<DataType> = def.inputs.iter().map(|input| data_type(input.kind)).collect();
    let mut names: Vec<String> = def.inputs.iter().map(|input| input.name.to_string()).collect();
    let mut forms = vec![];
    for param in def.params {
        if param.default_value().is_some() {
            forms.push(TypeSignature::Exact(types.clone()));
        }
        types.push(match param.kind {
            ParamKind::Int { .. } => DataType::Int64,
            ParamKind::Float { .. } => DataType::Float64,
            ParamKind::Choice { .. } => DataType::Utf8,
        });
        names.push(param.name.to_string());
    }
    forms.push(TypeSignature::Exact(types));
    let form = if forms.len() == 1 { forms.remove(0) } else { TypeSignature::OneOf(forms) };
    let signature = Signature::new(form, Volatility::Immutable);
    signature.clone().with_parameter_names(names).unwrap_or(signature)
}

/// Checked parameters from the constants after the inputs; absent ones take their defaults.
pub fn params_from_scalars(def: &Indicator, scalars: &[ScalarValue]) -> Result<Params> {
    let mut values = Vec::with_capacity(def.params.len());
    for (index, param) in def.params.iter().enumerate() {
        let value = match scalars.get(index) {
            Some(value) => param_value(def, param, value)?,
            None => param.default_value().ok_or_else(|| {
                Error::argument(format!("{}() needs `{}`; the call is {}", def.name, param.name, signature(def)))
            })?,
        };
        values.push(value);
    }
    def.check_params(&values).map_err(Error::argument)
}

fn param_value(def: &Indicator, param: &Param, value: &ScalarValue) -> Result<f64> {
    let wrong = |wanted: &str| {
        Error::argument(format!("`{}` of {}() must be {wanted}, got {}", param.name, def.name, scalar::describe(value)))
    };
    match param.kind {
        ParamKind::Int { .. } => scalar::int(value).map(|v| v as f64).ok_or_else(|| wrong("a whole number")),
        ParamKind::Float { .. } => scalar::number(value).ok_or_else(|| wrong("a number")),
        ParamKind::Choice { words, .. } => {
            let wanted = || format!("one of {}", words.join(", "));
            let word = scalar::text(value).ok_or_else(|| wrong(&wanted()))?;
            let position = choice(words, &word);
            position.map(|p| p as f64).ok_or_else(|| wrong(&wanted()))
        }
    }
}

/// The position of a word in a list, given by the word or, as in TA-Lib, by its number.
pub fn choice(words: &[&str], word: &str) -> Option<usize> {
    let number = || word.parse().ok().filter(|&n: &usize| n < words.len());
    words.iter().position(|w| w.eq_ignore_ascii_case(word)).or_else(number)
}

/// Runs the batch form over whole columns and gives one array: `NaN` becomes `NULL`.
pub fn compute(def: &Indicator, params: &Params, inputs: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
    if let Some(flags) = def.flags {
        return compute_flags((def, flags), params, inputs, rows);
    }
    let columns: Vec<Series> = inputs.iter().map(Series::new).collect::<Result<_>>()?;
    let slices: Vec<&[f64]> = columns.iter().map(Series::values).collect();
    let mut outputs = vec![Vec::new(); def.outputs.len()];
    (def.compute)(&slices, params, &mut outputs);
    if outputs.iter().any(|o| o.len() != rows) {
        return Err(Error::Internal(format!("{}() gave a column of the wrong length", def.name)));
    }
    column_of(def, outputs)
}

/// The column of an indicator's outputs: `NaN` becomes `NULL`.
pub fn column_of(def: &Indicator, outputs: Vec<Vec<f64>>) -> Result<ArrayRef> {
    let mut arrays: Vec<ArrayRef> =
        outputs.into_iter().zip(def.outputs).map(|(values, output)| to_array(values, output.kind)).collect();
    match def.outputs {
        [_] => Ok(arrays.remove(0)),
        _ => Ok(Arc::new(StructArray::try_new(output_fields(def), arrays, None)?)),
    }
}

/// The column of a condition, and that of the other one that the same pass gives.
pub fn compute_twins((twins, def): (&Twins, &Indicator), inputs: &[ArrayRef]) -> Result<[ArrayRef; 2]> {
    let flags = with_flags(def, inputs, |inputs| (twins.flags)(inputs))?;
    let [first, second] = flags.map(|column| -> ArrayRef { Arc::new(array_from_flags(column)) });
    Ok(if twins.defs[0].name == def.name { [first, second] } else { [second, first] })
}

fn compute_flags(
    (def, flags): (&Indicator, FlagsCompute),
    params: &Params,
    inputs: &[ArrayRef],
    rows: usize,
) -> Result<ArrayRef> {
    let column = with_flags(def, inputs, |inputs| flags(inputs, params))?;
    if column.holds.len() != rows {
        return Err(Error::Internal("an indicator gave a column of the wrong length".into()));
    }
    Ok(Arc::new(array_from_flags(column)))
}

/// What `use_them` makes of the inputs as [`Indicator::flags`] takes them.
fn with_flags<R>(def: &Indicator, inputs: &[ArrayRef], use_them: impl FnOnce(&[FlagsInput]) -> R) -> Result<R> {
    enum Column<'a> {
        Numbers(Series<'a>),
        Flags(FlagColumn),
    }
    let columns = inputs
        .iter()
        .zip(def.inputs)
        .map(|(array, input)| match (input.kind, array.data_type()) {
            (Kind::Bool, DataType::Boolean) => Ok(Column::Flags(flags_from_array(array.as_boolean()))),
            // A column of nothing but NULL.
            (Kind::Bool, _) => Ok(Column::Flags(flags_from_array(&BooleanArray::new_null(array.len())))),
            _ => Series::new(array).map(Column::Numbers),
        })
        .collect::<Result<Vec<_>>>()?;
    let inputs: Vec<FlagsInput> = columns
        .iter()
        .map(|column| match column {
            Column::Numbers(series) => FlagsInput::Numbers(series.values()),
            Column::Flags(flags) => FlagsInput::Flags(flags),
        })
        .collect();
    Ok(use_them(&inputs))
}

/// A column as the kernels see it: numbers, `NaN` where missing.
pub(super) enum Series<'a> {
    Borrowed(&'a [f64]),
    Owned(Vec<f64>),
}

impl<'a> Series<'a> {
    pub(super) fn new(array: &'a ArrayRef) -> Result<Self> {
        match array.data_type() {
            DataType::Float64 => {
                let numbers = array.as_primitive::<Float64Type>();
                Ok(match numbers.nulls() {
                    Some(nulls) if !are_nan(numbers.values(), nulls) => {
                        let mut values = numbers.values().to_vec();
                        (!nulls.inner()).set_indices().for_each(|missing| values[missing] = f64::NAN);
                        Series::Owned(values)
                    }
                    _ => Series::Borrowed(numbers.values()),
                })
            }
            DataType::Boolean => Ok(Series::Owned(
                array.as_boolean().iter().map(|v| v.map_or(f64::NAN, |v| if v { 1.0 } else { 0.0 })).collect(),
            )),
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                let times = array.as_primitive::<TimestampMicrosecondType>();
                Ok(Series::Owned(times.iter().map(|t| t.map_or(f64::NAN, |t| t as f64)).collect()))
            }
            DataType::Null => Ok(Series::Owned(vec![f64::NAN; array.len()])),
            other => Err(Error::Internal(format!("an indicator got a column of type {other}"))),
        }
    }

    pub(super) fn values(&self) -> &[f64] {
        match self {
            Series::Borrowed(values) => values,
            Series::Owned(values) => values,
        }
    }
}

/// Whether every number that is missing is `NaN` in memory, as an indicator leaves it.
pub fn are_nan(values: &[f64], nulls: &NullBuffer) -> bool {
    // Usually the few rows of a warm-up.
    nulls.null_count() == 0 || (!nulls.inner()).set_indices().all(|missing| values[missing].is_nan())
}

fn to_array(values: Vec<f64>, kind: Kind) -> ArrayRef {
    let rows = values.len();
    let (words, missing) = numbers(&values);
    let nulls = (missing > 0).then(|| NullBuffer::new(BooleanBuffer::new(Buffer::from_vec(words), 0, rows)));
    match kind {
        Kind::Number | Kind::Time => Arc::new(Float64Array::new(values.into(), nulls)),
        Kind::Bool => {
            let holds = BooleanBuffer::collect_bool(rows, |i| values[i] == 1.0);
            Arc::new(BooleanArray::new(holds, nulls))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_nan_whatever_is_in_memory() {
        let nulls = NullBuffer::from(vec![false, true, false, true]);
        for (memory, is_borrowed) in [([f64::NAN, 1.0, f64::NAN, 2.0], true), ([f64::NAN, 1.0, 7.0, 2.0], false)] {
            let array: ArrayRef = Arc::new(Float64Array::new(memory.to_vec().into(), Some(nulls.clone())));
            let series = Series::new(&array).unwrap();
            assert_eq!(matches!(series, Series::Borrowed(_)), is_borrowed);
            let values = series.values();
            assert!(values[0].is_nan() && values[2].is_nan());
            assert_eq!((values[1], values[3]), (1.0, 2.0));
        }
    }
}
