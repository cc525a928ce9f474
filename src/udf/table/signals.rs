//! `signals(...)`: one row per bar: the bar and every column that the strategy produced.

use super::def::TableFunction;
use crate::engine::sweep::OutputKind;
use crate::udf::run;

pub(super) static DEF: TableFunction = TableFunction {
    name: "signals",
    summary: "One row per bar: the bar and every column that the strategy produced.",
    details: "Columns of the contract (enter_long, stop_distance, ...) and features alike, in the order of the query.",
    args: run::ARGS,
    run_options: true,
    columns: "symbol, timeframe, ts, open, high, low, close, volume, the strategy's columns",
    example: "SELECT ts, close, bb_z, enter_long FROM signals('DEMO', '1h', bb_atr()) WHERE enter_long LIMIT 5",
    schema: |ctx, args| run::schema(ctx, args, OutputKind::Signals),
    plan: |ctx, args| run::plan(ctx, args, OutputKind::Signals),
};
