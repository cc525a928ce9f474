//! `bars(...)`: the bars of one series or several, in time order.

use std::sync::Arc;

use super::def::{Context, TableFunction};
use crate::engine::bars::{BarsQuery, BarsSource};
use crate::engine::series::{SeriesKey, Symbol};
use crate::engine::source::{SourceTable, labelled_schema};
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};
use crate::udf::args::{ArgDef, ArgKind, Resolved};
use crate::udf::run::series_source;

/// The arguments that name series.
pub(super) const SYMBOL: ArgDef = ArgDef::required("symbol", ArgKind::Texts, "Symbol or symbols.");
/// See [`SYMBOL`].
pub(super) const TIMEFRAME: ArgDef = ArgDef::required("timeframe", ArgKind::Texts, "Timeframe or timeframes.");

pub(super) static DEF: TableFunction = TableFunction {
    name: "bars",
    summary: "The bars of one series or several, in time order.",
    details: "A timeframe that is not stored is made from the longest stored one that divides it, without a last bar that is \
              not over yet; `EXPLAIN` says so. One series is known to be sorted by `ts`, several by `symbol, timeframe, ts`.",
    args: &[
        SYMBOL,
        TIMEFRAME,
        ArgDef::optional("since", ArgKind::Timestamp, "the first bar", "Open time from which on bars are given."),
        ArgDef::optional("until", ArgKind::Timestamp, "the last bar", "Open time before which bars are given."),
    ],
    run_options: false,
    columns: "symbol, timeframe, ts, open, high, low, close, volume",
    example: "SELECT ts, close FROM bars('DEMO', '1h', since => '2023-01-01')",
    schema: |_, _| Ok(labelled_schema()),
    plan: |ctx: &Context, args| {
        let (since, until) = (args.timestamp("since"), args.timestamp("until"));
        if let (Some(since), Some(until)) = (since, until)
            && since > until
        {
            return Err(Error::argument("bars(): `since` is later than `until`"));
        }
        if args.relation("symbol").or(args.relation("timeframe")).is_some() {
            let (symbols, timeframes) = (series_source(args, "symbol")?, series_source(args, "timeframe")?);
            return Ok(Arc::new(BarsQuery { store: ctx.workspace.store.clone(), symbols, timeframes, since, until }));
        }
        let source = BarsSource::new(ctx.workspace.store.clone(), keys(args)?, since, until);
        Ok(Arc::new(SourceTable::new(source)))
    },
};

/// Every symbol with every timeframe.
pub(super) fn keys(args: &Resolved) -> Result<Vec<SeriesKey>> {
    let texts = |name: &str| {
        args.texts(name).ok_or_else(|| {
            Error::argument(format!("`{name}` of {}() must be a string or an array of strings", args.function()))
        })
    };
    let timeframes: Vec<Timeframe> = texts("timeframe")?.iter().map(|t| Timeframe::parse(t)).collect::<Result<_>>()?;
    let mut keys = Vec::new();
    for symbol in texts("symbol")? {
        let symbol = Symbol::parse(&symbol)?;
        keys.extend(timeframes.iter().map(|&timeframe| SeriesKey { symbol: symbol.clone(), timeframe }));
    }
    keys.sort();
    keys.dedup();
    Ok(keys)
}
