//! `read_ohlcv(...)`: bars out of files that are not in the store.

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use super::def::TableFunction;
use crate::engine::import::{DateOrder, ImportOptions, OnError, Stamps, read_merged};
use crate::engine::source::{Demand, Source, SourceTable, labelled, labelled_schema};
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};
use crate::udf::args::{ArgDef, ArgKind, Resolved};

pub(super) static DEF: TableFunction = TableFunction {
    name: "read_ohlcv",
    summary: "Bars out of files: CSV, JSON, Parquet or Arrow, plain, gzipped or zipped.",
    details: "Reads files as `threadx import` does, with the same checks; `INSERT INTO ohlcv SELECT * FROM read_ohlcv(...)` \
              keeps them. Symbol and timeframe come from the arguments, else from columns of the file, else from its name \
              where that leaves no doubt, and the timeframe else from the most common step between bars. With `on_error => \
              'skip'` bad rows are left out; `EXPLAIN ANALYZE` shows how many as `rows_skipped`, and `threadx import` names them.",
    args: &[
        ArgDef::required("path", ArgKind::Texts, "Path or paths."),
        ArgDef::named("symbol", ArgKind::Text, "told by the file", "Symbol."),
        ArgDef::named("timeframe", ArgKind::Text, "told by the file", "Timeframe."),
        ArgDef::named("on_error", ArgKind::Word(&["fail", "skip"]), "'fail'", "What happens at a bad row."),
        ArgDef::named(
            "columns",
            ArgKind::Texts,
            "told by the file",
            "Names of the columns in order, for files without a header; '-' for one that is not wanted.",
        ),
        ArgDef::named(
            "date_order",
            ArgKind::Word(&["day-first", "month-first"]),
            "told by the file",
            "Order of day and month in dates such as 3/4/2023.",
        ),
        ArgDef::named("timezone", ArgKind::Text, "'UTC'", "Time zone of times that name none."),
        ArgDef::named(
            "stamps",
            ArgKind::Word(&["open", "close"]),
            "'open'",
            "Whether bars are stamped at their open or their close.",
        ),
        ArgDef::named("scale", ArgKind::Number { min: 1e-12, max: 1e12 }, "1", "Prices are divided by this."),
        ArgDef::named("date", ArgKind::Text, "none", "Day of files whose times are milliseconds since midnight."),
    ],
    run_options: false,
    columns: "symbol, timeframe, ts, open, high, low, close, volume",
    example: "SELECT * FROM read_ohlcv('BTCUSDT-1h-2023-01.zip', on_error => 'skip')",
    schema: |_, _| Ok(labelled_schema()),
    plan: |_, args| {
        let options = options(args)?;
        options.check()?;
        Ok(Arc::new(SourceTable::new(Files { options })))
    },
};

fn options(args: &Resolved) -> Result<ImportOptions> {
    let mut options = ImportOptions::new(args.texts("path").unwrap_or_default());
    options.symbol = args.text("symbol");
    options.timeframe = args.text("timeframe").map(|t| Timeframe::parse(&t)).transpose()?;
    options.columns = args.texts("columns");
    options.timezone = args.text("timezone");
    options.scale = args.number("scale");
    options.date = args.text("date");
    let is = |name: &str, word: &str| args.word(name).as_deref() == Some(word);
    options.on_error = if is("on_error", "skip") { OnError::Skip } else { OnError::Fail };
    options.stamps = if is("stamps", "close") { Stamps::Close } else { Stamps::Open };
    options.date_order = match args.word("date_order").as_deref() {
        Some("day-first") => Some(DateOrder::DayFirst),
        Some(_) => Some(DateOrder::MonthFirst),
        None => None,
    };
    Ok(options)
}

#[derive(Debug)]
struct Files {
    options: ImportOptions,
}

impl Source for Files {
    fn name(&self) -> &'static str {
        "ReadOhlcvExec"
    }

    fn describe(&self) -> String {
        self.options.files.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(", ")
    }

    fn schema(&self) -> SchemaRef {
        labelled_schema()
    }

    fn run(&self, demand: &Demand, emit: &mut dyn FnMut(RecordBatch) -> bool) -> Result<()> {
        let found = read_merged(&self.options).map_err(in_sql)?;
        demand.count("rows_skipped", found.values().map(|series| series.report.rejected() as usize).sum());
        for (key, series) in found {
            for piece in labelled(&key, &series.bars.into_batch()?) {
                if !emit(piece?) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// Advice to give an option, in the words of SQL: `--on-error skip` becomes `on_error => 'skip'`.
fn in_sql(error: Error) -> Error {
    let Error::Data { path, message } = error else { return error };
    let parts = message.split('`').map(|part| {
        if !part.starts_with("--") {
            return part.to_string();
        }
        let options = part.split("--").filter(|option| !option.is_empty()).map(|option| {
            let (name, value) = option.trim().split_once(' ').unwrap_or((option, "..."));
            let is_bare = value == "..." || value.parse::<f64>().is_ok();
            let quote = if is_bare { "" } else { "'" };
            format!("{} => {quote}{value}{quote}", name.replace('-', "_"))
        });
        options.collect::<Vec<_>>().join(", ")
    });
    Error::Data { path, message: parts.collect::<Vec<_>>().join("`") }
}
