//! `trades(...)`: one row per round trip.

use super::def::TableFunction;
use crate::engine::sweep::OutputKind;
use crate::udf::run;

pub(super) static DEF: TableFunction = TableFunction {
    name: "trades",
    summary: "One row per round trip.",
    details: "In the order of the exits. `return` is pnl / notional; `r_multiple` is pnl over the money at risk at the initial stop; \
              `mae` and `mfe` are the worst and best excursion as fractions of the entry price.",
    args: run::ARGS,
    run_options: true,
    columns: "symbol, timeframe, strategy, params, trade_id, position_id, direction, entry_ts, entry_price, exit_ts, exit_price, qty, notional, gross_pnl, fees, pnl, return, r_multiple, bars_held, mae, mfe, entry_reason, exit_reason",
    example: "SELECT entry_ts, direction, pnl, exit_reason FROM trades('DEMO', '1h', bb_atr()) LIMIT 5",
    schema: |ctx, args| run::schema(ctx, args, OutputKind::Trades),
    plan: |ctx, args| run::plan(ctx, args, OutputKind::Trades),
};
