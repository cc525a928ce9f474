//! `synthetic_bars(...)`: made-up bars.

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;

use super::def::TableFunction;
use crate::engine::series::{SeriesKey, Symbol};
use crate::engine::source::{Demand, Source, SourceTable, labelled, labelled_schema};
use crate::engine::synthetic::{DEFAULT_SYMBOL, MAX_BARS, SyntheticOptions, synthetic_bars};
use crate::engine::timeframe::Timeframe;
use crate::error::Result;
use crate::udf::args::{ArgDef, ArgKind};

pub(super) static DEF: TableFunction = TableFunction {
    name: "synthetic_bars",
    summary: "Made-up bars with stochastic volatility, jumps and volume.",
    details: "The same arguments give the same bits on every machine, and fewer bars are the first of more.",
    args: &[
        ArgDef::required("n", ArgKind::Int { min: 0, max: MAX_BARS }, "Number of bars."),
        ArgDef::required("timeframe", ArgKind::Text, "Length of a bar."),
        ArgDef::named("seed", ArgKind::Int { min: 0, max: i64::MAX }, "42", "Chooses the random numbers."),
        ArgDef::named("symbol", ArgKind::Text, "'SYNTHETIC'", "Symbol in the rows."),
        ArgDef::named("start", ArgKind::Timestamp, "'2020-01-01'", "Open time of the first bar."),
        ArgDef::named("price", ArgKind::Number { min: 1e-6, max: 1e9 }, "100", "First open."),
    ],
    run_options: false,
    columns: "symbol, timeframe, ts, open, high, low, close, volume",
    example: "SELECT count(*), min(low), max(high) FROM synthetic_bars(1000, '1h', seed => 7)",
    schema: |_, _| Ok(labelled_schema()),
    plan: |_, args| {
        let timeframe = Timeframe::parse(&args.text("timeframe").unwrap_or_default())?;
        let mut options = SyntheticOptions::new(args.int("n").unwrap_or(0).max(0) as usize, timeframe);
        options.seed = args.int("seed").map_or(options.seed, |seed| seed as u64);
        options.start = args.timestamp("start").unwrap_or(options.start);
        options.price = args.number("price").unwrap_or(options.price);
        options.check()?;
        let symbol = Symbol::parse(&args.text("symbol").unwrap_or_else(|| DEFAULT_SYMBOL.into()))?;
        Ok(Arc::new(SourceTable::new(Synthetic { key: SeriesKey { symbol, timeframe }, options })))
    },
};

#[derive(Debug)]
struct Synthetic {
    key: SeriesKey,
    options: SyntheticOptions,
}

impl Source for Synthetic {
    fn name(&self) -> &'static str {
        "SyntheticBarsExec"
    }

    fn describe(&self) -> String {
        format!("{}, n={}, seed={}", self.key, self.options.n, self.options.seed)
    }

    fn schema(&self) -> SchemaRef {
        labelled_schema()
    }

    fn order(&self) -> &'static [&'static str] {
        &["ts"]
    }

    fn constants(&self) -> &'static [&'static str] {
        &["symbol", "timeframe"]
    }

    fn run(&self, _: &Demand, emit: &mut dyn FnMut(RecordBatch) -> bool) -> Result<()> {
        for piece in labelled(&self.key, &synthetic_bars(&self.options)?.into_batch()?) {
            if !emit(piece?) {
                break;
            }
        }
        Ok(())
    }
}
