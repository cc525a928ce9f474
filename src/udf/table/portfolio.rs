//! `portfolio(...)`: one row of metrics of one account over many series.

use super::def::TableFunction;
use crate::engine::sweep::{PortfolioOutput, portfolio_schema};
use crate::udf::portfolio;

pub(super) static DEF: TableFunction = TableFunction {
    name: "portfolio",
    summary: "One row of metrics of one account over many series.",
    details: "One cash balance, at most `max_positions` positions, all series in time order; [the rules](#portfolio-rules). The metrics \
              are those of backtest(), from the equity of the account at every time at which any series has a bar. \
              The market of `alpha`, \
              `beta` and `buy_and_hold_return` is equal parts in all symbols.",
    args: portfolio::ARGS,
    run_options: true,
    columns: "symbols, timeframe, strategy, params, one per metric",
    example: "SELECT symbols, trades, total_return, max_drawdown FROM portfolio(['DEMO'], '1h', bb_atr(), max_positions => 2)",
    schema: |_, _| Ok(portfolio_schema(PortfolioOutput::Metrics)),
    plan: |ctx, args| portfolio::plan(ctx, args, PortfolioOutput::Metrics),
};
