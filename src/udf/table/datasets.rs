//! `datasets()`: what the store holds.

use std::sync::Arc;

use datafusion::arrow::array::{Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use datafusion::arrow::datatypes::{DataType, SchemaRef};

use super::def::{TableFunction, schema_of, timestamp_type};
use crate::engine::series::UTC;
use crate::engine::source::{Demand, Source, SourceTable};
use crate::engine::store::{Dataset, Store};
use crate::error::Result;

pub(super) static DEF: TableFunction = TableFunction {
    name: "datasets",
    summary: "What the store holds, one row per series.",
    details: "A series whose files cannot be read is listed with the reason in `error`. Rows and times come from the footers \
              of Parquet files where those do not overlap.",
    args: &[],
    run_options: false,
    columns: "symbol, timeframe, rows, first_ts, last_ts, bytes, format, path, error",
    example: "SELECT symbol, timeframe, rows, first_ts, last_ts FROM datasets() ORDER BY symbol, timeframe",
    schema: |_, _| Ok(schema()),
    plan: |ctx, _| Ok(Arc::new(SourceTable::new(Datasets { store: ctx.workspace.store.clone() }))),
};

#[derive(Debug)]
struct Datasets {
    store: Store,
}

fn schema() -> SchemaRef {
    schema_of(&[
        ("symbol", DataType::Utf8, false),
        ("timeframe", DataType::Utf8, false),
        ("rows", DataType::Int64, true),
        ("first_ts", timestamp_type(), true),
        ("last_ts", timestamp_type(), true),
        ("bytes", DataType::Int64, false),
        ("format", DataType::Utf8, false),
        ("path", DataType::Utf8, false),
        ("error", DataType::Utf8, true),
    ])
}

impl Source for Datasets {
    fn name(&self) -> &'static str {
        "DatasetsExec"
    }

    fn describe(&self) -> String {
        self.store.dir().display().to_string()
    }

    fn schema(&self) -> SchemaRef {
        schema()
    }

    fn run(&self, _: &Demand, emit: &mut dyn FnMut(RecordBatch) -> bool) -> Result<()> {
        let all = self.store.datasets()?;
        let text = |value: fn(&Dataset) -> String| Arc::new(StringArray::from_iter_values(all.iter().map(value)));
        let time = |value: fn(&Dataset) -> Option<i64>| {
            Arc::new(all.iter().map(value).collect::<TimestampMicrosecondArray>().with_timezone(UTC))
        };
        let batch = RecordBatch::try_new(
            schema(),
            vec![
                text(|d| d.symbol.to_string()),
                text(|d| d.timeframe.to_string()),
                Arc::new(all.iter().map(|d| d.rows.map(|n| n as i64)).collect::<Int64Array>()),
                time(|d| d.first_ts),
                time(|d| d.last_ts),
                Arc::new(Int64Array::from_iter_values(all.iter().map(|d| d.bytes as i64))),
                text(|d| d.format.clone()),
                text(|d| d.path.display().to_string()),
                Arc::new(StringArray::from_iter(all.iter().map(|d| d.error.as_deref()))),
            ],
        )?;
        emit(batch);
        Ok(())
    }
}
