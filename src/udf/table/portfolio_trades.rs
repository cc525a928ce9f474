//! `portfolio_trades(...)`: one row per round trip of a portfolio.

use super::def::TableFunction;
use crate::engine::sweep::{PortfolioOutput, portfolio_schema};
use crate::udf::portfolio;

pub(super) static DEF: TableFunction = TableFunction {
    name: "portfolio_trades",
    summary: "One row per round trip of a portfolio.",
    details: "The columns of trades(), in the order of the exits over all symbols; `trade_id` and `position_id` count over all symbols.",
    args: portfolio::ARGS,
    run_options: true,
    columns: "symbol, timeframe, strategy, params, trade_id, position_id, direction, entry_ts, entry_price, exit_ts, exit_price, qty, notional, gross_pnl, fees, pnl, return, r_multiple, bars_held, mae, mfe, entry_reason, exit_reason",
    example: "SELECT symbol, entry_ts, pnl, exit_reason FROM portfolio_trades(['DEMO'], '1h', bb_atr(), max_positions => 2) LIMIT 5",
    schema: |_, _| Ok(portfolio_schema(PortfolioOutput::Trades)),
    plan: |ctx, args| portfolio::plan(ctx, args, PortfolioOutput::Trades),
};
