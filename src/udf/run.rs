//! What `sweep`, `backtest`, `trades`, `equity`, `orders`, `signals` and `audit` share: arguments, options and the planned run.

use std::cell::Cell;
use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::execution::session_state::SessionState;
use futures::FutureExt;

use crate::engine::audit::refuse_early_joins;
use crate::engine::result::{ResultName, body_id};
use crate::engine::strategy::{Body, Strategy, plan_body};
use crate::engine::sweep::{
    CheckpointSpec, GridSource, OutputKind, Path, Planned, RunSpec, RunTable, SeriesSource, Shape, check_values,
    output_schema,
};
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};
use crate::udf::args::{Arg, ArgDef, ArgKind, Resolved};
use crate::udf::run_options;
use crate::udf::strategy_args;
use crate::udf::table::Context;

/// The arguments of every function that runs a strategy.
pub const ARGS: &[ArgDef] = &[
    ArgDef::required("symbol", ArgKind::Texts, "Symbol or symbols of the series."),
    ArgDef::required("timeframe", ArgKind::Texts, "Timeframe or timeframes of the series."),
    ArgDef::required("strategy", ArgKind::Strategy, "The strategy with its parameters."),
];

const BOUNDS: ArgDef = ArgDef::named(
    "bounds",
    ArgKind::Bool,
    "false",
    "Adds `total_return_low`, `total_return_high`, `sharpe_low` and `sharpe_high`: the least and the greatest value, whether the \
     stop or the target comes first in bars whose inside decides.",
);

/// The arguments of `backtest`.
pub const BACKTEST_ARGS: &[ArgDef] = &[ARGS[0], ARGS[1], ARGS[2], BOUNDS];

/// The arguments of `sweep`.
pub const SWEEP_ARGS: &[ArgDef] = &[
    ARGS[0],
    ARGS[1],
    ARGS[2],
    BOUNDS,
    ArgDef::named(
        "checkpoint",
        ArgKind::Text,
        "nothing is kept",
        "Name under which finished rows are kept and found again: letters, digits, _ and -.",
    ),
];

/// The schema of the result.
pub fn schema(ctx: &Context, args: &Resolved, output: OutputKind) -> Result<SchemaRef> {
    let strategy = strategy_args::strategy(ctx, argument(args)?)?;
    let body = match output {
        OutputKind::Signals => Some(body(&strategy, &ctx.state()?)?),
        _ => None,
    };
    let given = strategy_args::given(&strategy, argument(args)?)?;
    let body = body.as_ref().map(|b| b.schema.as_ref());
    output_schema(Shape { kind: output, strategy: &strategy, given: &given, body, bounds: bounds(args)? })
}

/// The planned run.
pub fn plan(ctx: &Context, args: &Resolved, output: OutputKind) -> Result<Arc<dyn TableProvider>> {
    let (spec, body) = spec(ctx, args, output)?;
    refuse_leaks(&spec)?;
    let given = strategy_args::given(&spec.strategy, argument(args)?)?;
    let schema = output_schema(Shape {
        kind: output,
        strategy: &spec.strategy,
        given: &given,
        body: Some(body.as_ref()),
        bounds: spec.bounds,
    })?;
    Ok(Arc::new(RunTable::new(spec, schema)))
}

/// Refuses what the body of a run would see too early, where the plan says so; an audit runs it to show it.
pub fn refuse_leaks(spec: &RunSpec) -> Result<()> {
    let (Path::Whole { body, .. }, SeriesSource::Names(names)) = (spec.path.as_ref(), &spec.timeframes) else {
        return Ok(());
    };
    names.iter().try_for_each(|name| refuse_early_joins(&body.plan, &spec.strategy, Timeframe::parse(name)?))
}

/// What was asked, and the columns of the strategy's query.
pub fn spec(ctx: &Context, args: &Resolved, output: OutputKind) -> Result<(RunSpec, SchemaRef)> {
    let kind = Kind { output, function: name_of(output), symbols: "symbol", for_grids: "use sweep(...) for a grid" };
    spec_of(ctx, args, kind)
}

/// How a function that runs a strategy differs from the others.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// What the run gives; that of `backtest` where it is neither a sweep nor what the name says.
    pub output: OutputKind,
    /// Name of the function.
    pub function: &'static str,
    /// Name of its argument of symbols.
    pub symbols: &'static str,
    /// What to do with several combinations of parameters.
    pub for_grids: &'static str,
}

/// As [`spec`], for any function that runs a strategy.
pub fn spec_of(ctx: &Context, args: &Resolved, kind: Kind) -> Result<(RunSpec, SchemaRef)> {
    let Kind { output, function, symbols, for_grids } = kind;
    let strategy = strategy_args::strategy(ctx, argument(args)?)?;
    let state = ctx.state()?;
    let Planned { path, columns } = ctx.workspace.planned.get(&strategy, &state, || body(&strategy, &state))?;
    let grid = strategy_args::points(&strategy, argument(args)?)?;
    match &grid {
        GridSource::Ready(points) => {
            if output != OutputKind::Sweep && points.count() != 1 {
                return Err(Error::argument(format!(
                    "{}() runs one combination of parameters, got {}; {for_grids}",
                    args.function(),
                    points.count()
                )));
            }
            check_values(points, &state)?;
        }
        GridSource::Query(_) if output != OutputKind::Sweep => {
            return Err(Error::argument(format!(
                "{}() runs one combination of parameters, and a subquery is a grid; {for_grids}",
                args.function()
            )));
        }
        GridSource::Query(_) => {}
    }
    let timeframes = series_source(args, "timeframe")?;
    if let SeriesSource::Names(names) = &timeframes {
        names.iter().try_for_each(|name| Timeframe::parse(name).map(|_| ()))?;
    }
    let checkpoint = match args.text("checkpoint") {
        Some(name) => {
            let name = ResultName::parse(&name)?;
            Some(CheckpointSpec { name, body: body_id(&strategy, &body(&strategy, &state)?, &state)? })
        }
        None => None,
    };
    let spec = RunSpec {
        store: ctx.workspace.store.clone(),
        results: ctx.workspace.results.clone(),
        output,
        function,
        symbols: series_source(args, symbols)?,
        timeframes,
        strategy,
        grid,
        options: run_options::resolve(&ctx.options, args)?,
        checkpoint,
        bounds: bounds(args)?,
        path,
    };
    Ok((spec, columns))
}

fn argument(args: &Resolved) -> Result<&Arg> {
    args.get("strategy").ok_or_else(|| Error::Internal("a run without a strategy".into()))
}

/// Whether the bounds of metrics are wanted. It decides which columns there are, so that no column can say it.
fn bounds(args: &Resolved) -> Result<bool> {
    match args.get("bounds") {
        Some(Arg::Outer(_)) => Err(Error::argument(format!(
            "`bounds` of {}() must be true or false, got a column; it decides which columns the result has",
            args.function()
        ))),
        _ => Ok(args.bool("bounds").unwrap_or(false)),
    }
}

/// How deep strategies may read each other: a body may run another strategy, but not itself.
const MAX_NESTING: usize = 8;

/// Stack of the thread that plans a body inside a body, bytes; threads of the runtime hold one plan, not several.
const NESTED_STACK: usize = 32 << 20;

thread_local! {
    static NESTING: Cell<usize> = const { Cell::new(0) };
}

/// Plans a body while SQL is planned. Catalogs of DataFusion answer from memory, so that there is nothing to wait for.
fn body(strategy: &Strategy, state: &SessionState) -> Result<Body> {
    let depth = NESTING.get();
    if depth >= MAX_NESTING {
        return Err(
            strategy.error(format!("strategies read each other more than {MAX_NESTING} deep, or one reads itself"))
        );
    }
    let plan = || {
        NESTING.set(depth + 1);
        let planned = plan_body(strategy, state).now_or_never();
        NESTING.set(depth);
        planned.unwrap_or_else(|| {
            Err(strategy.error("its body reads a table that is not in memory yet; read it once first"))
        })
    };
    if depth == 0 {
        return plan();
    }
    let stopped = || Error::Internal("the thread that plans a strategy inside another stopped".into());
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(NESTED_STACK).spawn_scoped(scope, plan);
        let thread = thread.map_err(|e| Error::Resources(format!("cannot start a thread: {e}")))?;
        thread.join().map_err(|_| stopped())?
    })
}

/// The names in a symbol or timeframe argument.
pub fn series_source(args: &Resolved, name: &str) -> Result<SeriesSource> {
    if let Some(plan) = args.relation(name) {
        return Ok(SeriesSource::Query(Box::new(plan.clone())));
    }
    let names = args.texts(name).ok_or_else(|| Error::Internal(format!("a call without a {name}")))?;
    Ok(SeriesSource::Names(names))
}

fn name_of(output: OutputKind) -> &'static str {
    match output {
        OutputKind::Sweep => "sweep",
        OutputKind::Backtest => "backtest",
        OutputKind::Trades => "trades",
        OutputKind::Equity => "equity",
        OutputKind::Orders => "orders",
        OutputKind::Signals => "signals",
    }
}
