//! `equity(...)`: one row per bar: the account at the close.

use super::def::TableFunction;
use crate::engine::sweep::OutputKind;
use crate::udf::run;

pub(super) static DEF: TableFunction = TableFunction {
    name: "equity",
    summary: "One row per bar: the account at the close.",
    details: "`ret` is the return of the bar, NULL on the first; `net_qty` is negative when short; `direction` is NULL when flat.",
    args: run::ARGS,
    run_options: true,
    columns: "symbol, timeframe, ts, close, equity, drawdown, ret, net_qty, direction",
    example: "SELECT ts, equity, drawdown FROM equity('DEMO', '1h', bb_atr()) ORDER BY ts DESC LIMIT 5",
    schema: |ctx, args| run::schema(ctx, args, OutputKind::Equity),
    plan: |ctx, args| run::plan(ctx, args, OutputKind::Equity),
};
