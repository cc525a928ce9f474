//! `indicators()`: every indicator with its parameters, outputs and source.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::datasource::MemTable;
use threadx_kernels::indicator::{INDICATORS, Indicator, Memory, Param, ParamKind};

use super::def::{TableFunction, schema_of};
use crate::engine::indicator::{default_text, signature};

pub(super) static DEF: TableFunction = TableFunction {
    name: "indicators",
    summary: "Every indicator with its parameters, outputs and source.",
    details: "One row per indicator, sorted by name. `parameters`, `defaults` and `ranges` (both ends allowed) are lists of \
              one order. `lookback` is the number of leading rows without a value at the default \
              parameters; a recursive indicator depends on every bar since the start of the series.",
    args: &[],
    run_options: false,
    columns: "name, aliases, family, signature, parameters, defaults, ranges, outputs, units, lookback, recursive, summary, formula, source, example",
    example: "SELECT name, signature FROM indicators() WHERE family = 'momentum' ORDER BY name",
    schema: |_, _| Ok(schema()),
    plan: |_, _| {
        let text = |of: fn(&Indicator) -> String| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(INDICATORS.iter().map(|def| of(def))))
        };
        let columns: Vec<ArrayRef> = vec![
            text(|d| d.name.into()),
            text(|d| d.aliases.join(", ")),
            text(|d| d.family.name().into()),
            text(signature),
            text(|d| d.params.iter().map(|p| p.name).collect::<Vec<_>>().join(", ")),
            text(|d| {
                d.params
                    .iter()
                    .map(|p| default_text(p).unwrap_or_else(|| "required".into()))
                    .collect::<Vec<_>>()
                    .join(", ")
            }),
            text(|d| d.params.iter().map(range_text).collect::<Vec<_>>().join(", ")),
            text(|d| d.outputs.iter().map(|o| o.name).collect::<Vec<_>>().join(", ")),
            text(|d| d.outputs.iter().map(|o| o.unit.name()).collect::<Vec<_>>().join(", ")),
            Arc::new(Int64Array::from_iter_values(
                INDICATORS.iter().map(|d| (d.lookback)(&d.default_params(1.0)) as i64),
            )),
            Arc::new(BooleanArray::from_iter(INDICATORS.iter().map(|d| Some(d.memory != Memory::Window)))),
            text(|d| d.summary.into()),
            text(|d| d.formula.into()),
            text(|d| d.source.into()),
            text(|d| d.example.into()),
        ];
        Ok(Arc::new(MemTable::try_new(schema(), vec![vec![RecordBatch::try_new(schema(), columns)?]])?))
    },
};

fn schema() -> SchemaRef {
    schema_of(&[
        ("name", DataType::Utf8, false),
        ("aliases", DataType::Utf8, false),
        ("family", DataType::Utf8, false),
        ("signature", DataType::Utf8, false),
        ("parameters", DataType::Utf8, false),
        ("defaults", DataType::Utf8, false),
        ("ranges", DataType::Utf8, false),
        ("outputs", DataType::Utf8, false),
        ("units", DataType::Utf8, false),
        ("lookback", DataType::Int64, false),
        ("recursive", DataType::Boolean, false),
        ("summary", DataType::Utf8, false),
        ("formula", DataType::Utf8, false),
        ("source", DataType::Utf8, false),
        ("example", DataType::Utf8, false),
    ])
}

/// What a parameter may be: `2..1000000`, or its words.
fn range_text(param: &Param) -> String {
    match param.kind {
        ParamKind::Int { min, max, .. } => format!("{min}..{max}"),
        ParamKind::Float { min, max, .. } => format!("{min}..{max}"),
        ParamKind::Choice { words, .. } => words.join(" | "),
    }
}
