//! Reads constants of SQL: the one place that says which literal counts as a whole number, a number, a string or a time.

use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, TimeUnit, TimestampMicrosecondType};
use datafusion::common::ScalarValue;

/// The value as it would be written in SQL, for errors.
pub fn describe(scalar: &ScalarValue) -> String {
    match text(scalar) {
        Some(text) => format!("'{text}'"),
        None if scalar.is_null() => "NULL".into(),
        None => scalar.to_string(),
    }
}

/// A string scalar.
pub fn text(scalar: &ScalarValue) -> Option<String> {
    scalar.try_as_str().flatten().map(str::to_string)
}

/// A whole number, also written as `20.0`.
pub fn int(scalar: &ScalarValue) -> Option<i64> {
    let value = number(scalar)?;
    if !scalar.data_type().is_floating() && !matches!(scalar.data_type(), DataType::Decimal128(..)) {
        return match scalar.cast_to(&DataType::Int64) {
            Ok(ScalarValue::Int64(value)) => value,
            _ => None,
        };
    }
    (value.fract() == 0.0 && value.abs() < 9.0e15).then_some(value as i64)
}

/// A finite number.
pub fn number(scalar: &ScalarValue) -> Option<f64> {
    if !scalar.data_type().is_numeric() {
        return None;
    }
    match scalar.cast_to(&DataType::Float64) {
        Ok(ScalarValue::Float64(value)) => value.filter(|v| v.is_finite()),
        _ => None,
    }
}

/// Microseconds since the epoch of a date, timestamp, or a string that holds one.
pub fn timestamp(scalar: &ScalarValue) -> Option<i64> {
    let ok = matches!(
        scalar.data_type(),
        DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8 | DataType::Date32 | DataType::Date64
    ) || matches!(scalar.data_type(), DataType::Timestamp(..));
    if !ok {
        return None;
    }
    let utc = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let read = |scalar: &ScalarValue| {
        let array = cast(&scalar.to_array().ok()?, &utc).ok()?;
        let array = array.as_primitive::<TimestampMicrosecondType>();
        (!array.is_null(0)).then(|| array.value(0))
    };
    read(scalar).or_else(|| {
        // Arrow wants seconds; people write `2020-01-01 09:30`.
        let text = text(scalar).filter(|text| text.matches(':').count() == 1)?;
        read(&ScalarValue::Utf8(Some(format!("{text}:00"))))
    })
}

/// One string or the strings of an array; `None` for anything else, also an array with a NULL.
pub fn texts(scalar: &ScalarValue) -> Option<Vec<String>> {
    if let Some(one) = text(scalar) {
        return Some(vec![one]);
    }
    elements(scalar)?.iter().map(text).collect()
}

/// The elements of an array, or `None` if the scalar is no array.
pub fn elements(scalar: &ScalarValue) -> Option<Vec<ScalarValue>> {
    let values = match scalar {
        ScalarValue::List(list) => list.value(0),
        ScalarValue::LargeList(list) => list.value(0),
        ScalarValue::FixedSizeList(list) => list.value(0),
        _ => return None,
    };
    (0..values.len()).map(|i| ScalarValue::try_from_array(&values, i).ok()).collect()
}
