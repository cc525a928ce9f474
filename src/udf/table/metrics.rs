//! `metrics()`: every metric with its formula.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::datasource::MemTable;
use threadx_kernels::metric::{METRICS, Metric};

use super::def::{TableFunction, schema_of};
use crate::udf::aggregate::signature;

pub(super) static DEF: TableFunction = TableFunction {
    name: "metrics",
    summary: "Every metric with its formula.",
    details: "Each is a column of backtest() and sweep(); those with an `aggregate` are SQL aggregates too.",
    args: &[],
    run_options: false,
    columns: "name, unit, aggregate, summary, formula, source, example",
    example: "SELECT name, aggregate FROM metrics() WHERE aggregate IS NOT NULL ORDER BY name",
    schema: |_, _| Ok(schema()),
    plan: |_, _| {
        let text = |of: fn(&Metric) -> Option<String>| -> ArrayRef {
            Arc::new(StringArray::from_iter(METRICS.iter().map(|m| of(m))))
        };
        let columns = vec![
            text(|m| Some(m.name.into())),
            text(|m| Some(m.unit.name().into())),
            text(|m| m.aggregate.as_ref().map(|_| signature(m))),
            text(|m| Some(m.summary.into())),
            text(|m| Some(m.formula.into())),
            text(|m| Some(m.source.into())),
            text(|m| Some(m.example.into())),
        ];
        Ok(Arc::new(MemTable::try_new(schema(), vec![vec![RecordBatch::try_new(schema(), columns)?]])?))
    },
};

fn schema() -> SchemaRef {
    let names = ["name", "unit", "aggregate", "summary", "formula", "source", "example"];
    schema_of(&names.map(|name| (name, DataType::Utf8, name == "aggregate")))
}
