//! Results of the engine as plain vectors, by column name.

use std::collections::HashMap;

use datafusion::arrow::array::{Array, AsArray};
use datafusion::arrow::compute::{cast, concat_batches};
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use threadx::Engine;

/// One column, `None` where it is NULL.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    Numbers(Vec<Option<f64>>),
    Times(Vec<i64>),
    Texts(Vec<Option<String>>),
}

/// The rows of a query.
#[derive(Debug, Clone)]
pub struct Table {
    pub rows: usize,
    pub names: Vec<String>,
    columns: HashMap<String, Values>,
}

impl Table {
    /// Runs a query; a failure names it.
    pub async fn query(engine: &Engine, sql: &str) -> Result<Table, String> {
        let frame = engine.sql(sql).await.map_err(|e| format!("{e}\n{sql}"))?;
        let schema = std::sync::Arc::new(frame.schema().as_arrow().clone());
        let batches = frame.collect().await.map_err(|e| format!("{e}\n{sql}"))?;
        let batch = concat_batches(&schema, &batches).map_err(|e| format!("{e}\n{sql}"))?;
        let names: Vec<String> = schema.fields().iter().map(|f| f.name().clone()).collect();
        let columns = names.iter().cloned().zip(batch.columns().iter().map(|c| values(c.as_ref()))).collect();
        Ok(Table { rows: batch.num_rows(), names, columns })
    }

    pub fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    pub fn column(&self, name: &str) -> &Values {
        self.columns.get(name).unwrap_or_else(|| panic!("no column {name} in {:?}", self.names))
    }

    /// A number or a boolean as 0 and 1; NULL and NaN are `None`, and so is a column that does not exist.
    pub fn number(&self, name: &str, row: usize) -> Option<f64> {
        match self.columns.get(name)? {
            Values::Numbers(values) => values[row].filter(|v| !v.is_nan()),
            other => panic!("{name} is not numeric: {other:?}"),
        }
    }

    pub fn flag(&self, name: &str, row: usize) -> bool {
        self.number(name, row) == Some(1.0)
    }

    pub fn text(&self, name: &str, row: usize) -> &str {
        match self.column(name) {
            Values::Texts(values) => values[row].as_deref().unwrap_or(""),
            other => panic!("{name} is not text: {other:?}"),
        }
    }

    pub fn time(&self, name: &str, row: usize) -> i64 {
        self.times(name)[row]
    }

    pub fn times(&self, name: &str) -> &[i64] {
        match self.column(name) {
            Values::Times(values) => values,
            other => panic!("{name} is not a time: {other:?}"),
        }
    }

    pub fn numbers(&self, name: &str) -> Vec<f64> {
        (0..self.rows).map(|row| self.number(name, row).unwrap_or(f64::NAN)).collect()
    }

    /// The bits of every cell of a row, for comparisons that allow no difference at all.
    pub fn bits(&self, row: usize, names: &[String]) -> Vec<String> {
        let cell = |name: &String| match self.column(name) {
            Values::Numbers(v) => v[row].map_or("NULL".into(), |v| format!("{v:?} {:016x}", v.to_bits())),
            Values::Times(v) => v[row].to_string(),
            Values::Texts(v) => format!("{:?}", v[row]),
        };
        names.iter().map(|name| format!("{name}={}", cell(name))).collect()
    }
}

fn values(array: &dyn Array) -> Values {
    match array.data_type() {
        DataType::Timestamp(_, _) => {
            Values::Times(cast(array, &DataType::Int64).unwrap().as_primitive::<Int64Type>().values().to_vec())
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            let text = cast(array, &DataType::Utf8).unwrap();
            Values::Texts(text.as_string::<i32>().iter().map(|v| v.map(str::to_string)).collect())
        }
        DataType::Boolean => {
            Values::Numbers(array.as_boolean().iter().map(|v| v.map(|v| f64::from(u8::from(v)))).collect())
        }
        _ => {
            let number = cast(array, &DataType::Float64).unwrap();
            Values::Numbers(number.as_primitive::<Float64Type>().iter().collect())
        }
    }
}
