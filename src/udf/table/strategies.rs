//! `strategies()`: every strategy with its signature and text.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::datasource::MemTable;

use super::def::{TableFunction, schema_of};
use crate::engine::strategy::Strategy;

pub(super) static DEF: TableFunction = TableFunction {
    name: "strategies",
    summary: "Every strategy with its signature and text.",
    details: "Built-in strategies and those made with CREATE STRATEGY. SHOW STRATEGIES shows all but the definition.",
    args: &[],
    run_options: false,
    columns: "name, signature, description, built_in, definition",
    example: "SELECT name, description FROM strategies() WHERE built_in ORDER BY name",
    schema: |_, _| Ok(schema()),
    plan: |ctx, _| {
        ctx.workspace.strategies.refresh()?;
        let all = ctx.workspace.strategies.all();
        let text = |of: fn(&Strategy) -> String| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(all.iter().map(|s| of(s))))
        };
        let columns: Vec<ArrayRef> = vec![
            text(|s| s.name.clone()),
            text(Strategy::signature),
            text(|s| s.description.clone()),
            Arc::new(BooleanArray::from_iter(all.iter().map(|s| Some(s.built_in)))),
            text(|s| s.source.clone()),
        ];
        Ok(Arc::new(MemTable::try_new(schema(), vec![vec![RecordBatch::try_new(schema(), columns)?]])?))
    },
};

fn schema() -> SchemaRef {
    schema_of(&[
        ("name", DataType::Utf8, false),
        ("signature", DataType::Utf8, false),
        ("description", DataType::Utf8, false),
        ("built_in", DataType::Boolean, false),
        ("definition", DataType::Utf8, false),
    ])
}
