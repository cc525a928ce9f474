//! `portfolio_equity(...)`: one row per time at which any series of a portfolio has a bar: the account at the close.

use super::def::TableFunction;
use crate::engine::sweep::{PortfolioOutput, portfolio_schema};
use crate::udf::portfolio;

pub(super) static DEF: TableFunction = TableFunction {
    name: "portfolio_equity",
    summary: "One row per time at which any series of a portfolio has a bar: the account at the close.",
    details: "In time order. `positions` is the number of open positions, `free_capital` what none of them has; `ret` is NULL on the first row.",
    args: portfolio::ARGS,
    run_options: true,
    columns: "timeframe, ts, equity, drawdown, ret, positions, free_capital",
    example: "SELECT ts, equity, positions FROM portfolio_equity(['DEMO'], '1h', bb_atr(), max_positions => 2) ORDER BY ts DESC LIMIT 5",
    schema: |_, _| Ok(portfolio_schema(PortfolioOutput::Equity)),
    plan: |ctx, args| portfolio::plan(ctx, args, PortfolioOutput::Equity),
};
