//! `backtest(...)`: one row of metrics per series.

use super::def::TableFunction;
use crate::engine::sweep::OutputKind;
use crate::udf::run;

pub(super) static DEF: TableFunction = TableFunction {
    name: "backtest",
    summary: "One row of metrics per series.",
    details: "Runs one combination of parameters. Metrics that nobody selects are not computed.",
    args: run::ARGS,
    run_options: true,
    columns: "symbol, timeframe, strategy, params, one per metric",
    example: "SELECT trades, total_return, sharpe FROM backtest('DEMO', '1h', bb_atr(bb_period => 30))",
    schema: |ctx, args| run::schema(ctx, args, OutputKind::Backtest),
    plan: |ctx, args| run::plan(ctx, args, OutputKind::Backtest),
};
