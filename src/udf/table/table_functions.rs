//! `table_functions()`: every table function with its signature.

use std::sync::Arc;

use datafusion::arrow::array::{RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::datasource::MemTable;

use super::TABLE_FUNCTIONS;
use super::def::{TableFunction, schema_of};

pub(super) static DEF: TableFunction = TableFunction {
    name: "table_functions",
    summary: "Every table function with its signature.",
    details: "One row per function, sorted by name.",
    args: &[],
    run_options: false,
    columns: "name, signature, summary, details, columns, example",
    example: "SELECT name, signature FROM table_functions() ORDER BY name",
    schema: |_, _| Ok(schema()),
    plan: |_, _| {
        let column = |of: fn(&TableFunction) -> String| {
            Arc::new(StringArray::from_iter_values(TABLE_FUNCTIONS.iter().map(|f| of(f)))) as _
        };
        let columns = vec![
            column(|f| f.name.into()),
            column(|f| f.signature()),
            column(|f| f.summary.into()),
            column(|f| f.details.into()),
            column(|f| f.columns.into()),
            column(|f| f.example.into()),
        ];
        Ok(Arc::new(MemTable::try_new(schema(), vec![vec![RecordBatch::try_new(schema(), columns)?]])?))
    },
};

fn schema() -> SchemaRef {
    let names = ["name", "signature", "summary", "details", "columns", "example"];
    schema_of(&names.map(|name| (name, DataType::Utf8, false)))
}
