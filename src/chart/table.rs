//! A result as the charts read it: columns by name, as numbers, times or texts.

use std::collections::HashSet;

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type, SchemaRef, TimeUnit, TimestampMicrosecondType};

use crate::error::{Error, Result};

/// What a column can be drawn as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Number,
    Time,
    Text,
    Flag,
    /// A list, a struct or something else that has no place on an axis.
    Other,
}

/// A result of at least one row.
pub(super) struct Table<'a> {
    schema: SchemaRef,
    batches: &'a [RecordBatch],
    pub(super) rows: usize,
}

impl<'a> Table<'a> {
    pub(super) fn new(batches: &'a [RecordBatch]) -> Result<Self> {
        let rows = batches.iter().map(RecordBatch::num_rows).sum();
        match batches.first() {
            Some(batch) if rows > 0 => Ok(Table { schema: batch.schema(), batches, rows }),
            _ => Err(Error::argument("the result has no rows to plot")),
        }
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        self.schema.fields().len()
    }

    pub(super) fn name(&self, column: usize) -> &str {
        self.schema.field(column).name()
    }

    pub(super) fn role(&self, column: usize) -> Role {
        role(self.schema.field(column).data_type())
    }

    /// Positions of the columns with this role.
    pub(super) fn all(&self, role: Role) -> impl Iterator<Item = usize> + '_ {
        (0..self.width()).filter(move |column| self.role(*column) == role)
    }

    /// The column of this name: exactly, or else in any case.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let exact = (0..self.width()).find(|column| self.name(*column) == name);
        exact.or_else(|| (0..self.width()).find(|column| self.name(*column).eq_ignore_ascii_case(name)))
    }

    /// The column of this name and role.
    pub(super) fn find_as(&self, name: &str, role: Role) -> Option<usize> {
        self.find(name).filter(|column| self.role(*column) == role)
    }

    /// The column that the user names, or an error that suggests one.
    pub(super) fn named(&self, name: &str) -> Result<usize> {
        let names = || self.schema.fields().iter().map(|field| field.name().as_str());
        self.find(name).ok_or_else(|| Error::unknown("column", name, "the result", names()))
    }

    /// A column as numbers; a flag is 0 or 1, a time microseconds since 1970, and NULL is NaN.
    pub(super) fn numbers(&self, column: usize) -> Result<Vec<f64>> {
        let mut values = Vec::with_capacity(self.rows);
        match self.role(column) {
            Role::Time => self.times(column, &mut values)?,
            Role::Number | Role::Flag => {
                for batch in self.batches {
                    let array = cast(batch.column(column), &DataType::Float64)?;
                    values.extend(array.as_primitive::<Float64Type>().iter().map(|value| value.unwrap_or(f64::NAN)));
                }
            }
            Role::Text => return Err(self.unfit(column, "text", "a number")),
            Role::Other => return Err(self.unfit(column, "a list or a struct", "a number")),
        }
        Ok(values)
    }

    fn times(&self, column: usize, values: &mut Vec<f64>) -> Result<()> {
        for batch in self.batches {
            let array = batch.column(column);
            // A zone moves nothing: stored times are UTC, and those without one are taken as such.
            let zone = match array.data_type() {
                DataType::Timestamp(_, zone) => zone.clone(),
                _ => None,
            };
            let array = cast(array, &DataType::Timestamp(TimeUnit::Microsecond, zone))?;
            let array = array.as_primitive::<TimestampMicrosecondType>().reinterpret_cast::<Int64Type>();
            values.extend(array.iter().map(|value| value.map_or(f64::NAN, |micros| micros as f64)));
        }
        Ok(())
    }

    /// A column as texts; NULL is the word.
    pub(super) fn texts(&self, column: usize) -> Result<Vec<String>> {
        if self.role(column) == Role::Other {
            return Err(self.unfit(column, "a list or a struct", "a name"));
        }
        let mut texts = Vec::with_capacity(self.rows);
        for batch in self.batches {
            let array = cast(batch.column(column), &DataType::Utf8)?;
            texts.extend(array.as_string::<i32>().iter().map(|text| text.unwrap_or("NULL").to_string()));
        }
        Ok(texts)
    }

    /// Where a flag is true.
    pub(super) fn flags(&self, column: usize) -> Result<Vec<bool>> {
        let mut flags = Vec::with_capacity(self.rows);
        for batch in self.batches {
            let array = cast(batch.column(column), &DataType::Boolean)?;
            flags.extend(array.as_boolean().iter().map(|flag| flag == Some(true)));
        }
        Ok(flags)
    }

    /// The one value that a text column holds in every row, if it is there and does.
    pub(super) fn constant(&self, name: &str) -> Option<String> {
        let column = self.find_as(name, Role::Text)?;
        let texts = self.texts(column).ok()?;
        let (first, rest) = texts.split_first()?;
        rest.iter().all(|text| text == first).then(|| first.clone())
    }

    /// How many values of a column differ, counted up to `most` and one more.
    pub(super) fn distinct(&self, column: usize, most: usize) -> Result<usize> {
        let mut seen: HashSet<String> = HashSet::new();
        if self.role(column) == Role::Text {
            for text in self.texts(column)? {
                if seen.len() <= most {
                    seen.insert(text);
                }
            }
            return Ok(seen.len());
        }
        let mut seen = HashSet::new();
        for value in self.numbers(column)? {
            if seen.len() <= most && !value.is_nan() {
                seen.insert(value.to_bits());
            }
        }
        Ok(seen.len())
    }

    fn unfit(&self, column: usize, is: &str, needed: &str) -> Error {
        Error::argument(format!("column `{}` is {is}, and {needed} is needed here", self.name(column)))
    }
}

fn role(data_type: &DataType) -> Role {
    match data_type {
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => Role::Time,
        DataType::Boolean => Role::Flag,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Role::Text,
        DataType::Dictionary(_, values) => role(values),
        data_type if data_type.is_numeric() => Role::Number,
        _ => Role::Other,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, Date32Array, Int32Array, StringArray};

    use super::*;

    #[test]
    fn columns_are_read_by_role() {
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("day", Arc::new(Date32Array::from(vec![Some(1), None]))),
            ("n", Arc::new(Int32Array::from(vec![Some(7), None]))),
            ("Name", Arc::new(StringArray::from(vec!["a", "a"]))),
        ];
        let batches =
            [RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true))).unwrap()];
        let table = Table::new(&batches).unwrap();
        let days = table.numbers(0).unwrap();
        assert_eq!((days[0], days[1].is_nan()), (86_400_000_000.0, true));
        assert_eq!(table.numbers(1).unwrap()[0], 7.0);
        assert_eq!((table.role(0), table.find_as("name", Role::Text)), (Role::Time, Some(2)));
        assert_eq!(table.constant("name").as_deref(), Some("a"));
        assert_eq!(table.texts(1).unwrap(), ["7", "NULL"]);
        assert_eq!(table.numbers(2).unwrap_err().to_string(), "column `Name` is text, and a number is needed here");
        assert_eq!(
            table.named("nam").unwrap_err().to_string(),
            "unknown column `nam` of the result; did you mean `Name`?"
        );
        assert!(Table::new(&[]).is_err());
    }
}
