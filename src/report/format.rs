//! Values for readers: percentages, money, dates.
//!
//! Without `@format` a column is shown after its name, where that is one of a metric or of a column of ours, and otherwise
//! after its type.

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, TimeUnit, TimestampMicrosecondType};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use threadx_kernels::metric::{METRICS, Unit};

use crate::error::{Error, Result};

/// What stands for a missing value.
pub const MISSING: &str = "\u{2013}";

const DAY_MICROS: i64 = 86_400_000_000;

/// How the values of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnFormat {
    style: Style,
    /// Decimals, where the style has them.
    decimals: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Percent,
    Number,
    Integer,
    Money,
    Date,
    DateTime,
    Text,
}

const STYLES: &[(&str, Style)] = &[
    ("date", Style::Date),
    ("datetime", Style::DateTime),
    ("integer", Style::Integer),
    ("money", Style::Money),
    ("number", Style::Number),
    ("percent", Style::Percent),
    ("text", Style::Text),
];

/// Columns of ours that are no metrics.
const FRACTIONS: &[&str] = &["drawdown", "mae", "mfe", "ret", "return", "score", "share"];
const MONEY: &[&str] = &["equity", "fee", "free_capital", "gross_pnl", "notional", "pnl"];

/// Most decimals that can be asked for.
const MOST_DECIMALS: usize = 12;

/// One value of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// As it is read.
    pub text: String,
    /// By what it is sorted, where it is a number or a time.
    pub value: Option<f64>,
}

impl ColumnFormat {
    /// Reads `COLUMN=FORMAT ...`.
    ///
    /// # Errors
    /// Nothing, a word of another form, a format that does not exist, too many decimals.
    pub fn parse_list(text: &str) -> Result<Vec<(String, ColumnFormat)>> {
        let mut list = vec![];
        for word in text.split_whitespace() {
            let (column, format) = word
                .split_once('=')
                .filter(|(column, _)| !column.is_empty())
                .ok_or_else(|| Error::argument(format!("@format takes COLUMN=FORMAT, got `{word}`")))?;
            list.push((column.to_string(), Self::parse(format)?));
        }
        if list.is_empty() {
            return Err(Error::argument("@format needs COLUMN=FORMAT behind it"));
        }
        Ok(list)
    }

    fn parse(text: &str) -> Result<Self> {
        let (name, decimals) = text.split_once(':').map_or((text, None), |(name, decimals)| (name, Some(decimals)));
        let style = STYLES.iter().find(|(known, _)| *known == name).map(|(_, style)| *style);
        let style = style.ok_or_else(|| Error::unknown("format", name, "", STYLES.iter().map(|(name, _)| *name)))?;
        let has_decimals = matches!(style, Style::Percent | Style::Number | Style::Money);
        let decimals = match decimals {
            None => None,
            Some(_) if !has_decimals => return Err(Error::argument(format!("the format {name} has no decimals"))),
            Some(decimals) => Some(decimals.parse().ok().filter(|n| *n <= MOST_DECIMALS).ok_or_else(|| {
                Error::argument(format!("decimals are a whole number up to {MOST_DECIMALS}, got `{decimals}`"))
            })?),
        };
        Ok(ColumnFormat { style, decimals })
    }

    /// The format for a column that no `@format` names.
    pub fn of_column(name: &str, array: &ArrayRef) -> Self {
        let plain = |style| ColumnFormat { style, decimals: None };
        match array.data_type() {
            DataType::Date32 | DataType::Date64 => plain(Style::Date),
            DataType::Timestamp(..) if is_midnight_throughout(array) => plain(Style::Date),
            DataType::Timestamp(..) => plain(Style::DateTime),
            kind if !kind.is_numeric() => plain(Style::Text),
            kind => {
                let style = style_of_name(name).unwrap_or(Style::Number);
                let is_whole = kind.is_integer() && matches!(style, Style::Number | Style::Integer);
                plain(if is_whole { Style::Integer } else { style })
            }
        }
    }

    /// Whether values stand at the right of their column.
    pub fn is_number(self) -> bool {
        matches!(self.style, Style::Percent | Style::Number | Style::Integer | Style::Money)
    }

    /// The values of a column.
    ///
    /// # Errors
    /// A format that the type cannot have, such as a percentage of a text.
    pub fn cells(self, name: &str, array: &ArrayRef) -> Result<Vec<Cell>> {
        match self.style {
            Style::Text => texts(array),
            Style::Date | Style::DateTime => {
                let times = times(array).ok_or_else(|| unfit(name, array, "a date or time"))?;
                Ok(times.iter().map(|time| self.time(*time)).collect())
            }
            _ if !array.data_type().is_numeric() && array.data_type() != &DataType::Null => {
                Err(unfit(name, array, "a number"))
            }
            _ => {
                let values = cast(array, &DataType::Float64)?;
                let values: Vec<Option<f64>> = values.as_primitive::<Float64Type>().iter().collect();
                let decimals = self.decimals.unwrap_or_else(|| self.fitting_decimals(&values));
                Ok(values.iter().map(|value| self.number(*value, decimals)).collect())
            }
        }
    }

    fn time(self, micros: Option<i64>) -> Cell {
        let Some(micros) = micros else { return Cell { text: MISSING.into(), value: None } };
        let text = chrono::DateTime::from_timestamp_micros(micros).map_or_else(
            || micros.to_string(),
            |time| {
                let has_seconds = micros.rem_euclid(60_000_000) != 0;
                let form = match self.style {
                    Style::Date => "%Y-%m-%d",
                    _ if has_seconds => "%Y-%m-%d %H:%M:%S%.f",
                    _ => "%Y-%m-%d %H:%M",
                };
                time.format(form).to_string()
            },
        );
        Cell { text, value: Some(micros as f64) }
    }

    fn number(self, value: Option<f64>, decimals: usize) -> Cell {
        let Some(value) = value else { return Cell { text: MISSING.into(), value: None } };
        let text = match self.style {
            Style::Percent => format!("{}%", decimal(value * 100.0, decimals)),
            Style::Integer => decimal(value, 0),
            _ => decimal(value, decimals),
        };
        Cell { text, value: value.is_finite().then_some(value) }
    }

    /// Enough decimals for the smallest of the usual sizes of a column, so that all values have the same.
    fn fitting_decimals(self, values: &[Option<f64>]) -> usize {
        match self.style {
            Style::Percent | Style::Money => 2,
            Style::Integer => 0,
            _ => {
                let finite = || values.iter().flatten().filter(|value| value.is_finite());
                let largest = finite().fold(0.0f64, |most, value| most.max(value.abs()));
                let is_whole = finite().all(|value| value.fract() == 0.0) && largest < 1e15;
                match largest {
                    _ if is_whole => 0,
                    size if size >= 1000.0 => 2,
                    size if size >= 1.0 => 3,
                    size if size >= 0.01 => 4,
                    _ => 6,
                }
            }
        }
    }
}

/// Whether a column of this name holds fractions.
pub fn is_fraction_name(name: &str) -> bool {
    style_of_name(name) == Some(Style::Percent)
}

fn style_of_name(name: &str) -> Option<Style> {
    let name = name.to_lowercase();
    // `benchmark_total_return` is a total return.
    let is = |known: &str| name == known || name.strip_suffix(known).is_some_and(|start| start.ends_with('_'));
    let metric = METRICS.iter().filter(|metric| is(metric.name)).max_by_key(|metric| metric.name.len());
    if let Some(metric) = metric {
        return Some(match metric.unit {
            Unit::Fraction => Style::Percent,
            Unit::Quote => Style::Money,
            Unit::Ratio => Style::Number,
            Unit::Bars | Unit::Count | Unit::Flag => Style::Number,
        });
    }
    match () {
        () if FRACTIONS.iter().any(|known| is(known)) => Some(Style::Percent),
        () if MONEY.iter().any(|known| is(known)) => Some(Style::Money),
        () => None,
    }
}

fn unfit(name: &str, array: &ArrayRef, wanted: &str) -> Error {
    Error::argument(format!("@format: column `{name}` is {}, and {wanted} is needed", array.data_type()))
}

/// Microseconds since 1970 of a column of times.
fn times(array: &ArrayRef) -> Option<Vec<Option<i64>>> {
    let zone = match array.data_type() {
        DataType::Timestamp(_, zone) => zone.clone(),
        DataType::Date32 | DataType::Date64 => None,
        _ => return None,
    };
    let micros = cast(array, &DataType::Timestamp(TimeUnit::Microsecond, zone)).ok()?;
    Some(micros.as_primitive::<TimestampMicrosecondType>().iter().collect())
}

fn is_midnight_throughout(array: &ArrayRef) -> bool {
    times(array).is_some_and(|times| times.iter().flatten().all(|micros| micros.rem_euclid(DAY_MICROS) == 0))
}

fn texts(array: &ArrayRef) -> Result<Vec<Cell>> {
    let options = FormatOptions::new().with_display_error(true).with_timestamp_tz_format(Some("%Y-%m-%d %H:%M:%S%.f"));
    let formatter = ArrayFormatter::try_new(array.as_ref(), &options)?;
    let nulls = array.logical_nulls();
    let is_null = |row| nulls.as_ref().is_some_and(|nulls| nulls.is_null(row));
    let is_flag = array.data_type() == &DataType::Boolean;
    Ok((0..array.len())
        .map(|row| {
            let text = if is_null(row) { MISSING.to_string() } else { formatter.value(row).to_string() };
            let text = match text.as_str() {
                "true" if is_flag => "yes".to_string(),
                "false" if is_flag => "no".to_string(),
                _ => text,
            };
            Cell { text, value: None }
        })
        .collect())
}

/// A number with groups of three digits. One that is not zero is not shown as zero, and a very large one has an exponent.
pub fn decimal(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "NaN".into()
        } else if value > 0.0 {
            "inf".into()
        } else {
            "-inf".into()
        };
    }
    if value.abs() >= 1e15 {
        return format!("{value:.5e}");
    }
    let text = format!("{:.decimals$}", value.abs());
    if value != 0.0 && text.chars().all(|c| "0.".contains(c)) {
        return format!("{value:.2e}");
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if value < 0.0 { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{BooleanArray, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray};

    use super::*;

    fn shown(name: &str, array: ArrayRef) -> Vec<String> {
        let cells = ColumnFormat::of_column(name, &array).cells(name, &array).unwrap();
        cells.into_iter().map(|cell| cell.text).collect()
    }

    #[test]
    fn columns_are_written_after_their_names_and_types() {
        let floats = || Arc::new(Float64Array::from(vec![Some(-0.12345), None, Some(1234.5)])) as ArrayRef;
        assert_eq!(shown("total_return", floats()), ["-12.35%", "\u{2013}", "123,450.00%"]);
        assert_eq!(shown("benchmark_total_return", floats())[0], "-12.35%");
        assert_eq!(shown("pnl", floats()), ["-0.12", "\u{2013}", "1,234.50"]);
        assert_eq!(shown("sharpe", Arc::new(Float64Array::from(vec![1.23456]))), ["1.235"]);
        assert_eq!(shown("fast", Arc::new(Int64Array::from(vec![1234567]))), ["1,234,567"]);
        assert_eq!(shown("trades", Arc::new(Int64Array::from(vec![12]))), ["12"]);
        assert_eq!(shown("ok", Arc::new(BooleanArray::from(vec![true, false]))), ["yes", "no"]);
        assert_eq!(shown("name", Arc::new(StringArray::from(vec!["true"]))), ["true"]);
        let times =
            |micros: i64| Arc::new(TimestampMicrosecondArray::from(vec![micros]).with_timezone("UTC")) as ArrayRef;
        assert_eq!(shown("ts", times(1_704_067_200_000_000)), ["2024-01-01"]);
        assert_eq!(shown("ts", times(1_704_070_800_000_000)), ["2024-01-01 01:00"]);
    }

    #[test]
    fn formats_can_be_chosen() {
        let list = ColumnFormat::parse_list("a=percent:1 b=date").unwrap();
        let array: ArrayRef = Arc::new(Float64Array::from(vec![0.5]));
        assert_eq!(list[0].1.cells("a", &array).unwrap()[0].text, "50.0%");
        let error = list[1].1.cells("b", &array).unwrap_err().to_string();
        assert_eq!(error, "@format: column `b` is Float64, and a date or time is needed");
        let error = |text: &str| ColumnFormat::parse_list(text).unwrap_err().to_string();
        assert_eq!(error("a=percnt"), "unknown format `percnt`; did you mean `percent`?");
        assert_eq!(error("a=date:2"), "the format date has no decimals");
        assert_eq!(error("a"), "@format takes COLUMN=FORMAT, got `a`");
        assert_eq!(error("a=money:99"), "decimals are a whole number up to 12, got `99`");
    }

    #[test]
    fn numbers_have_groups_and_are_never_wrongly_zero() {
        let texts =
            [decimal(1234567.891, 2), decimal(-0.004, 2), decimal(0.0, 2), decimal(1e18, 2), decimal(-999.5, 0)];
        assert_eq!(texts, ["1,234,567.89", "-4.00e-3", "0.00", "1.00000e18", "-1,000"]);
    }
}
