//! Values as the text formats for people show them.

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, TimeUnit};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use unicode_width::UnicodeWidthStr;

use super::number;
use crate::error::Result;

/// What stands for a missing value.
pub const NULL: &str = "NULL";

/// The texts of a column; `None` is NULL.
pub fn column(array: &ArrayRef) -> Result<Vec<Option<String>>> {
    if is_float(array.data_type()) {
        return Ok(number::float_column(&floats(array)?));
    }
    values(array)
}

/// The texts of a column, each on its own: floats are not filled up to a common length.
pub fn values(array: &ArrayRef) -> Result<Vec<Option<String>>> {
    if is_float(array.data_type()) {
        return Ok(floats(array)?.into_iter().map(|value| value.map(number::float)).collect());
    }
    let zoned = if is_utc(array.data_type()) { "%Y-%m-%d %H:%M:%S%.f" } else { "%Y-%m-%d %H:%M:%S%.f%:z" };
    let options = FormatOptions::new()
        .with_null(NULL)
        .with_display_error(true)
        .with_timestamp_format(Some("%Y-%m-%d %H:%M:%S%.f"))
        .with_timestamp_tz_format(Some(zoned));
    let formatter = ArrayFormatter::try_new(array.as_ref(), &options)?;
    let nulls = array.logical_nulls();
    let is_null = |row| nulls.as_ref().is_some_and(|nulls| nulls.is_null(row));
    Ok((0..array.len()).map(|row| (!is_null(row)).then(|| formatter.value(row).to_string())).collect())
}

fn floats(array: &ArrayRef) -> Result<Vec<Option<f64>>> {
    // Through its shortest text, so that the f32 0.1 stays 0.1.
    if matches!(array.data_type(), DataType::Float64) {
        return Ok(array.as_primitive::<Float64Type>().iter().collect());
    }
    let texts = cast(array, &DataType::Utf8)?;
    Ok(texts.as_string::<i32>().iter().map(|text| text.and_then(|t| t.parse().ok())).collect())
}

fn is_float(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Float16 | DataType::Float32 | DataType::Float64)
}

/// Whether every timestamp inside the type is UTC, so that the zone need not be written.
fn is_utc(data_type: &DataType) -> bool {
    match data_type {
        DataType::Timestamp(_, Some(zone)) => matches!(zone.as_ref(), "UTC" | "Z" | "+00:00" | "Etc/UTC"),
        DataType::Struct(fields) => fields.iter().all(|field| is_utc(field.data_type())),
        DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _) => {
            is_utc(field.data_type())
        }
        DataType::Dictionary(_, values) => is_utc(values),
        _ => true,
    }
}

/// Whether the values are numbers, which stand at the right of their column.
pub fn is_number(data_type: &DataType) -> bool {
    data_type.is_numeric() || matches!(data_type, DataType::Dictionary(_, values) if values.is_numeric())
}

/// A type as SQL names it.
pub fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Null => "null".into(),
        DataType::Boolean => "boolean".into(),
        DataType::Int8 => "tinyint".into(),
        DataType::Int16 => "smallint".into(),
        DataType::Int32 => "integer".into(),
        DataType::Int64 => "bigint".into(),
        DataType::UInt8 => "utinyint".into(),
        DataType::UInt16 => "usmallint".into(),
        DataType::UInt32 => "uinteger".into(),
        DataType::UInt64 => "ubigint".into(),
        DataType::Float16 => "half".into(),
        DataType::Float32 => "float".into(),
        DataType::Float64 => "double".into(),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "varchar".into(),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => "blob".into(),
        DataType::Date32 | DataType::Date64 => "date".into(),
        DataType::Time32(_) | DataType::Time64(_) => "time".into(),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => "timestamp_ns".into(),
        DataType::Timestamp(..) => "timestamp".into(),
        DataType::Interval(_) | DataType::Duration(_) => "interval".into(),
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => format!("decimal({precision},{scale})"),
        DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _) => {
            format!("{}[]", type_name(field.data_type()))
        }
        DataType::Dictionary(_, values) => type_name(values),
        DataType::Struct(_) => "struct".into(),
        DataType::Map(..) => "map".into(),
        other => other.to_string().to_lowercase(),
    }
}

/// Makes text that keeps to its line: control characters, which could also move the cursor, are written as escapes.
pub fn one_line(text: &str) -> String {
    if !text.contains(char::is_control) {
        return text.to_string();
    }
    text.chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() }).collect()
}

/// Columns of a terminal that the text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// The text cut to at most `most` columns, with `…` at the end if something is missing.
pub fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_string();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += width(c.encode_utf8(&mut [0; 4]));
        if used > most {
            break;
        }
        kept.push(c);
    }
    kept + "…"
}

/// The text filled up with blanks to `to` columns.
pub fn pad(text: &str, to: usize, right: bool) -> String {
    let blanks = " ".repeat(to.saturating_sub(width(text)));
    if right { blanks + text } else { text.to_string() + &blanks }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{Float32Array, StringArray, TimestampMicrosecondArray};

    use super::*;

    fn texts(array: ArrayRef) -> Vec<String> {
        column(&array).unwrap().into_iter().map(|text| text.unwrap_or_else(|| NULL.into())).collect()
    }

    #[test]
    fn timestamps_show_their_zone_only_if_it_is_not_utc() {
        let at =
            |zone: &str| Arc::new(TimestampMicrosecondArray::from(vec![1_577_835_900_000_000]).with_timezone(zone));
        assert_eq!(texts(at("UTC")), ["2019-12-31 23:45:00"]);
        assert_eq!(texts(at("+02:00")), ["2020-01-01 01:45:00+02:00"]);
        let fraction = TimestampMicrosecondArray::from(vec![Some(1_500), None]).with_timezone("UTC");
        assert_eq!(texts(Arc::new(fraction)), ["1970-01-01 00:00:00.001500", "NULL"]);
    }

    #[test]
    fn single_precision_keeps_its_own_digits() {
        assert_eq!(texts(Arc::new(Float32Array::from(vec![0.1, 2.5]))), ["0.1", "2.5"]);
    }

    #[test]
    fn text_is_text_and_control_characters_are_escaped() {
        assert_eq!(texts(Arc::new(StringArray::from(vec![Some("NULL"), None]))), ["NULL", "NULL"]);
        assert_eq!(one_line("a\n\u{1b}[2J"), "a\\n\\u{1b}[2J");
    }

    #[test]
    fn widths_count_terminal_columns() {
        assert_eq!((width("東京"), cut("東京都", 5), pad("東", 4, true)), (4, "東京…".to_string(), "  東".to_string()));
        assert_eq!(cut("abc", 3), "abc");
    }
}
