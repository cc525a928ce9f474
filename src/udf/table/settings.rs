//! `settings()`: every `threadx.*` setting with its value.

use std::sync::Arc;

use datafusion::arrow::array::{RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::config::ExtensionOptions;
use datafusion::datasource::MemTable;

use super::def::{TableFunction, schema_of};
use crate::engine::config::Settings;

pub(super) static DEF: TableFunction = TableFunction {
    name: "settings",
    summary: "Every `threadx.*` setting with its value.",
    details: "A NULL value means that the default of the run option holds. Change one with `SET threadx.name = value`.",
    args: &[],
    run_options: false,
    columns: "name, value, description",
    example: "SELECT name, value FROM settings() ORDER BY name",
    schema: |_, _| Ok(schema()),
    plan: |ctx, _| {
        let mut entries = ctx.options.extensions.get::<Settings>().map(ExtensionOptions::entries).unwrap_or_default();
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        let batch = RecordBatch::try_new(
            schema(),
            vec![
                Arc::new(StringArray::from_iter_values(entries.iter().map(|e| format!("threadx.{}", e.key)))),
                Arc::new(StringArray::from_iter(entries.iter().map(|e| e.value.as_deref()))),
                Arc::new(StringArray::from_iter_values(entries.iter().map(|e| e.description.trim()))),
            ],
        )?;
        Ok(Arc::new(MemTable::try_new(schema(), vec![vec![batch]])?))
    },
};

fn schema() -> SchemaRef {
    schema_of(&[
        ("name", DataType::Utf8, false),
        ("value", DataType::Utf8, true),
        ("description", DataType::Utf8, false),
    ])
}
