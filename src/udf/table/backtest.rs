//! `backtest(...)`: one row of metrics per series.

use super::def::TableFunction;
use crate::engine::sweep::OutputKind;
use crate::udf::run;

pub(super) static DEF: TableFunction = TableFunction {
    name: "backtest",
    summary: "One row of metrics per series.",
    details: "Runs one combination of parameters. Metrics that nobody selects are not computed. With `bounds => true` the run is \
              repeated with `intrabar => 'stop_first'` and `'target_first'` if a bar was ambiguous, and `total_return_low`, \
              `total_return_high`, `sharpe_low` and `sharpe_high` are the least and the greatest value of these runs and of the \
              run itself; NULL where one of them has none. Each of the runs makes the same assumption about all of its bars: \
              other choices bar by bar may lie outside, and so may a target in the bar in which a limit entry fills.",
    args: run::BACKTEST_ARGS,
    run_options: true,
    columns: "symbol, timeframe, strategy, params, one per metric, the bounds",
    example: "SELECT trades, total_return, sharpe FROM backtest('DEMO', '1h', bb_atr(bb_period => 30))",
    schema: |ctx, args| run::schema(ctx, args, OutputKind::Backtest),
    plan: |ctx, args| run::plan(ctx, args, OutputKind::Backtest),
};
