//! `results()`: the sweeps whose rows are kept.

use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::{DataType, SchemaRef};

use super::def::{TableFunction, schema_of, timestamp_type};
use crate::engine::result::{About, Results, StoredResult};
use crate::engine::series::UTC;
use crate::engine::source::{Demand, Source, SourceTable};
use crate::error::Result;

pub(super) static DEF: TableFunction = TableFunction {
    name: "results",
    summary: "The sweeps whose rows are kept, one row per name.",
    details: "Made by sweep(..., checkpoint => 'name'). The columns from `strategy` to `points` and `finished` are of the latest \
              sweep under this name: `points` is its grid before pruning, over all series, and `finished` says whether it came \
              to its end. `stored` counts the points that have a row, those of earlier sweeps included. `error` says what is \
              wrong with the files. A sweep that is still writing is listed, too.",
    args: &[],
    run_options: false,
    columns: "name, strategy, symbols, timeframes, grid, options, points, stored, finished, bytes, created_ts, updated_ts, error",
    example: "SELECT count(*) AS names, sum(stored) AS rows, sum(bytes) AS bytes FROM results()",
    schema: |_, _| Ok(schema()),
    plan: |ctx, _| Ok(Arc::new(SourceTable::new(Listing { results: ctx.workspace.results.clone() }))),
};

#[derive(Debug)]
struct Listing {
    results: Results,
}

fn schema() -> SchemaRef {
    schema_of(&[
        ("name", DataType::Utf8, false),
        ("strategy", DataType::Utf8, true),
        ("symbols", DataType::Utf8, true),
        ("timeframes", DataType::Utf8, true),
        ("grid", DataType::Utf8, true),
        ("options", DataType::Utf8, true),
        ("points", DataType::Int64, true),
        ("stored", DataType::Int64, true),
        ("finished", DataType::Boolean, false),
        ("bytes", DataType::Int64, false),
        ("created_ts", timestamp_type(), true),
        ("updated_ts", timestamp_type(), true),
        ("error", DataType::Utf8, true),
    ])
}

impl Source for Listing {
    fn name(&self) -> &'static str {
        "ResultsExec"
    }

    fn describe(&self) -> String {
        self.results.path().display().to_string()
    }

    fn schema(&self) -> SchemaRef {
        schema()
    }

    fn run(&self, _: &Demand, emit: &mut dyn FnMut(RecordBatch) -> bool) -> Result<()> {
        let all = self.results.list()?;
        let text = |of: fn(&About) -> String| -> ArrayRef {
            Arc::new(all.iter().map(|r| r.about.as_ref().map(of)).collect::<StringArray>())
        };
        let count = |of: fn(&StoredResult) -> Option<u64>| -> ArrayRef {
            Arc::new(all.iter().map(|r| of(r).and_then(|n| i64::try_from(n).ok())).collect::<Int64Array>())
        };
        let time = |of: fn(&StoredResult) -> Option<i64>| -> ArrayRef {
            Arc::new(all.iter().map(of).collect::<TimestampMicrosecondArray>().with_timezone(UTC))
        };
        let columns: Vec<ArrayRef> = vec![
            Arc::new(StringArray::from_iter_values(all.iter().map(|r| r.name.as_str()))),
            text(|a| a.strategy.clone()),
            text(|a| a.symbols.join(", ")),
            text(|a| a.timeframes.join(", ")),
            text(|a| a.grid.clone()),
            text(|a| a.options.clone()),
            count(|r| r.about.as_ref().map(|a| a.points)),
            count(|r| r.stored),
            Arc::new(all.iter().map(|r| Some(r.finished)).collect::<BooleanArray>()),
            count(|r| Some(r.bytes)),
            time(|r| r.created),
            time(|r| r.updated),
            Arc::new(all.iter().map(|r| r.error.clone()).collect::<StringArray>()),
        ];
        emit(RecordBatch::try_new(schema(), columns)?);
        Ok(())
    }
}
