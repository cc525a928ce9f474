//! `strategy_params()`: every parameter of every strategy.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::datasource::MemTable;

use super::def::{TableFunction, schema_of};
use crate::engine::strategy::StrategyParam;

pub(super) static DEF: TableFunction = TableFunction {
    name: "strategy_params",
    summary: "Every parameter of every strategy.",
    details: "One row per parameter, in the order of declaration. `search` is the range that the word `search` stands for; \
              NULL where none is declared.",
    args: &[],
    run_options: false,
    columns: "strategy, position, parameter, type, default_value, check_condition, search, description",
    example: "SELECT parameter, default_value, search FROM strategy_params() WHERE strategy = 'bb_atr' ORDER BY position",
    schema: |_, _| Ok(schema()),
    plan: |ctx, _| {
        ctx.workspace.strategies.refresh()?;
        let all = ctx.workspace.strategies.all();
        let rows: Vec<(&str, usize, &StrategyParam)> =
            all.iter().flat_map(|s| s.params.iter().enumerate().map(|(i, p)| (s.name.as_str(), i + 1, p))).collect();
        let text = |of: fn(&StrategyParam) -> Option<String>| -> ArrayRef {
            Arc::new(StringArray::from_iter(rows.iter().map(|(_, _, p)| of(p))))
        };
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from_iter_values(rows.iter().map(|(s, _, _)| *s))),
            Arc::new(Int64Array::from_iter_values(rows.iter().map(|(_, i, _)| *i as i64))),
            text(|p| Some(p.name.clone())),
            text(|p| Some(p.ty.name().to_string())),
            text(|p| Some(p.default.to_string())),
            text(|p| p.check.as_ref().map(|c| c.to_string())),
            text(|p| p.search.as_ref().map(|s| s.to_string())),
            text(|p| Some(p.description.clone())),
        ];
        Ok(Arc::new(MemTable::try_new(schema(), vec![vec![RecordBatch::try_new(schema(), columns)?]])?))
    },
};

fn schema() -> SchemaRef {
    schema_of(&[
        ("strategy", DataType::Utf8, false),
        ("position", DataType::Int64, false),
        ("parameter", DataType::Utf8, false),
        ("type", DataType::Utf8, false),
        ("default_value", DataType::Utf8, false),
        ("check_condition", DataType::Utf8, true),
        ("search", DataType::Utf8, true),
        ("description", DataType::Utf8, false),
    ])
}
