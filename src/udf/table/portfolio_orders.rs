//! `portfolio_orders(...)`: one row per fill of a portfolio, and per entry that was rejected or cancelled.

use super::def::TableFunction;
use crate::engine::sweep::{PortfolioOutput, portfolio_schema};
use crate::udf::portfolio;

pub(super) static DEF: TableFunction = TableFunction {
    name: "portfolio_orders",
    summary: "One row per fill of a portfolio, and per entry that was rejected or cancelled.",
    details: "The columns of orders(), in the order in which things happen. Beside the reasons of orders(): `no_slot`, `no_capital` and \
              `no_allocation` of rejected entries, and `rotated` of exits.",
    args: portfolio::ARGS,
    run_options: true,
    columns: "symbol, timeframe, strategy, params, ts, side, direction, qty, price, notional, fee, status, reason",
    example: "SELECT symbol, ts, side, status, reason FROM portfolio_orders(['DEMO'], '1h', bb_atr(), max_positions => 2) LIMIT 5",
    schema: |_, _| Ok(portfolio_schema(PortfolioOutput::Orders)),
    plan: |ctx, args| portfolio::plan(ctx, args, PortfolioOutput::Orders),
};
