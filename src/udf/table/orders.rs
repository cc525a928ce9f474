//! `orders(...)`: one row per fill, and per entry or add that was rejected or cancelled.

use super::def::TableFunction;
use crate::engine::sweep::OutputKind;
use crate::udf::run;

pub(super) static DEF: TableFunction = TableFunction {
    name: "orders",
    summary: "One row per fill, and per entry or add that was rejected or cancelled.",
    details: "In the order in which things happen. `reason` says why an order was sent: `signal`, `armed_signal`, `time`, `opposite`, \
              `stop`, `trailing_stop`, `target`, `liquidation`, `scale_out`, `add`, `rebalance`, `ruined`, `end_of_data`. Of a \
              rejected entry or add it says why: `no_stop` (`risk` without a stop on the losing side), `zero_qty` (nothing is left to \
              buy with, less than a lot, or no size), `below_min_notional`, `below_min_qty`, `over_budget`, `no_equity`; and of what \
              was cancelled, such as `limit_not_reached` and `volume`.",
    args: run::ARGS,
    run_options: true,
    columns: "symbol, timeframe, strategy, params, ts, side, direction, qty, price, notional, fee, status, reason",
    example: "SELECT ts, side, qty, price, reason FROM orders('DEMO', '1h', bb_atr()) LIMIT 5",
    schema: |ctx, args| run::schema(ctx, args, OutputKind::Orders),
    plan: |ctx, args| run::plan(ctx, args, OutputKind::Orders),
};
