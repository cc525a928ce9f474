//! `data_quality(...)`: how good stored bars are.

use std::sync::Arc;

use datafusion::arrow::array::{Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use datafusion::arrow::datatypes::{DataType, SchemaRef};

use super::bars::{SYMBOL, TIMEFRAME, keys};
use super::def::{TableFunction, schema_of, timestamp_type};
use crate::engine::quality::assess;
use crate::engine::series::{SeriesKey, UTC};
use crate::engine::source::{Demand, Source, SourceTable};
use crate::engine::store::Store;
use crate::error::Result;

pub(super) static DEF: TableFunction = TableFunction {
    name: "data_quality",
    summary: "How good stored bars are, one row per check.",
    details: "Looks at the rows as the files hold them. `first_ts` is the first occurrence, `share` the count as a fraction of \
              the rows (of the steps between bars for gaps, of the bars that should be there for missing ones), and `score` \
              is `1 - share`: 1 is faultless. Gaps are counted around the clock, so nights and weekends of a market that \
              closes are gaps too. `rule` states each rule.",
    args: &[SYMBOL, TIMEFRAME],
    run_options: false,
    columns: "symbol, timeframe, check_name, count, first_ts, share, score, rule",
    example: "SELECT check_name, count, first_ts, score FROM data_quality('DEMO', '1h')",
    schema: |_, _| Ok(schema()),
    plan: |ctx, args| Ok(Arc::new(SourceTable::new(Quality { store: ctx.workspace.store.clone(), keys: keys(args)? }))),
};

#[derive(Debug)]
struct Quality {
    store: Store,
    keys: Vec<SeriesKey>,
}

fn schema() -> SchemaRef {
    schema_of(&[
        ("symbol", DataType::Utf8, false),
        ("timeframe", DataType::Utf8, false),
        ("check_name", DataType::Utf8, false),
        ("count", DataType::Int64, false),
        ("first_ts", timestamp_type(), true),
        ("share", DataType::Float64, false),
        ("score", DataType::Float64, false),
        ("rule", DataType::Utf8, false),
    ])
}

impl Source for Quality {
    fn name(&self) -> &'static str {
        "DataQualityExec"
    }

    fn describe(&self) -> String {
        self.keys.iter().map(SeriesKey::to_string).collect::<Vec<_>>().join(", ")
    }

    fn schema(&self) -> SchemaRef {
        schema()
    }

    fn run(&self, _: &Demand, emit: &mut dyn FnMut(RecordBatch) -> bool) -> Result<()> {
        for key in &self.keys {
            let bars = self.store.load_raw(key)?;
            let checks = assess(&bars, key.timeframe);
            let repeated =
                |text: &str| Arc::new(StringArray::from_iter_values(std::iter::repeat_n(text, checks.len())));
            let first = checks.iter().map(|c| c.first_ts).collect::<TimestampMicrosecondArray>();
            let batch = RecordBatch::try_new(
                schema(),
                vec![
                    repeated(key.symbol.as_str()),
                    repeated(key.timeframe.name()),
                    Arc::new(StringArray::from_iter_values(checks.iter().map(|c| c.name))),
                    Arc::new(Int64Array::from_iter_values(checks.iter().map(|c| c.count as i64))),
                    Arc::new(first.with_timezone(UTC)),
                    Arc::new(Float64Array::from_iter_values(checks.iter().map(|c| c.share))),
                    Arc::new(Float64Array::from_iter_values(checks.iter().map(|c| c.score))),
                    Arc::new(StringArray::from_iter_values(checks.iter().map(|c| c.rule))),
                ],
            )?;
            if !emit(batch) {
                break;
            }
        }
        Ok(())
    }
}
