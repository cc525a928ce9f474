//! `sweep(...)`: one row per series and grid point: parameters and metrics.

use super::def::TableFunction;
use crate::engine::sweep::OutputKind;
use crate::udf::run;

pub(super) static DEF: TableFunction = TableFunction {
    name: "sweep",
    summary: "One row per series and grid point: parameters and metrics.",
    details: "Give lists to parameters, `bb_atr(bb_period => [10, 20])`, or `grid(bb_period => range(10, 60, 5))`, which takes \
              `strategy => 'name'` and defaults to bb_atr; the word `search` stands for the declared search range; a subquery is \
              a grid whose columns are the parameters; `random(1000, bb_period => integer(10, 60), seed => 7)`, `sobol(...)` \
              and `latin_hypercube(...)` draw points. Rows come in grid order, the last parameter fastest. Conditions on \
              parameters in WHERE prune the grid before anything runs, metrics that nobody selects are not computed, and \
              ORDER BY ... LIMIT k keeps k rows. Cost: each distinct indicator once, one simulation per distinct strategy. \
              With `checkpoint => 'name'`, finished rows are written below the data directory while the sweep runs, and the \
              same sweep goes on where it stopped, after a crash, too: rows are found again by the content of the bars, the \
              strategy, the options and the parameters, so that a change of any of them computes anew. results() lists what \
              is kept, DROP RESULT removes it. `bounds` is as in backtest().",
    args: run::SWEEP_ARGS,
    run_options: true,
    columns: "symbol, timeframe, combo_id, the parameters that the call names, one per metric, the bounds, the other parameters",
    example: "SELECT entry_z, sharpe FROM sweep('DEMO', '1h', grid(entry_z => [1.0, 2.0])) ORDER BY sharpe DESC",
    schema: |ctx, args| run::schema(ctx, args, OutputKind::Sweep),
    plan: |ctx, args| run::plan(ctx, args, OutputKind::Sweep),
};
