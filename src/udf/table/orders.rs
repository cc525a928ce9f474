//! `orders(...)`: one row per fill and per rejected order.

use super::def::TableFunction;
use crate::engine::sweep::OutputKind;
use crate::udf::run;

pub(super) static DEF: TableFunction = TableFunction {
    name: "orders",
    summary: "One row per fill and per rejected order.",
    details: "Rejected orders have their reason: no_stop, below_min_notional, zero_qty, no_equity.",
    args: run::ARGS,
    run_options: true,
    columns: "symbol, timeframe, strategy, params, ts, side, direction, qty, price, notional, fee, status, reason",
    example: "SELECT ts, side, qty, price, reason FROM orders('DEMO', '1h', bb_atr()) LIMIT 5",
    schema: |ctx, args| run::schema(ctx, args, OutputKind::Orders),
    plan: |ctx, args| run::plan(ctx, args, OutputKind::Orders),
};
