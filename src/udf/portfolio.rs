//! What `portfolio` and its relatives share: arguments and the planned run.

use std::sync::Arc;

use datafusion::arrow::datatypes::Schema;
use datafusion::catalog::TableProvider;
use threadx_kernels::sim::Allocation;

use crate::engine::source::SourceTable;
use crate::engine::sweep::{OutputKind, PortfolioOutput, PortfolioSource, PortfolioSpec};
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};
use crate::udf::args::{ArgDef, ArgKind, Resolved};
use crate::udf::run::{self, Kind};
use crate::udf::table::Context;

/// The rules of an account over many series, for the reference.
pub static RULES: &str = include_str!("portfolio.md");

/// Words of `allocation` that are not columns.
const ALLOCATIONS: &[&str] = &["equal", "inverse_volatility"];

/// Returns that a volatility is measured over, unless `volatility_bars` says otherwise.
const VOLATILITY_BARS: usize = 60;

/// The arguments of every function that runs a portfolio.
pub const ARGS: &[ArgDef] = &[
    ArgDef::required("symbols", ArgKind::Texts, "Symbols of the series, each once."),
    ArgDef::required("timeframe", ArgKind::Text, "Timeframe of all series."),
    ArgDef::required("strategy", ArgKind::Strategy, "The strategy with its parameters."),
    ArgDef::required(
        "max_positions",
        ArgKind::Int { min: 1, max: 1_000_000 },
        "Most positions open at a time; it has no default, so that a symbol more does not change what the others get.",
    ),
    ArgDef::named(
        "allocation",
        ArgKind::Text,
        "'equal'",
        "What an entry gets of the equity: 'equal', 'inverse_volatility', or a column of the strategy, a fraction.",
    ),
    ArgDef::named(
        "volatility_bars",
        ArgKind::Int { min: 2, max: 100_000 },
        "60",
        "Returns over which 'inverse_volatility' measures.",
    ),
    ArgDef::named(
        "rank_by",
        ArgKind::Text,
        "the symbol, in alphabetical order",
        "Column of the strategy: the higher one enters first where slots are short.",
    ),
    ArgDef::named(
        "rotate",
        ArgKind::Bool,
        "false",
        "Whether a position is closed if `max_positions` others that want to be held are ranked better.",
    ),
];

/// The planned run.
pub fn plan(ctx: &Context, args: &Resolved, output: PortfolioOutput) -> Result<Arc<dyn TableProvider>> {
    let spec = spec(ctx, args, (output.function(), "symbols"), output)?;
    run::refuse_leaks(&spec.run)?;
    Ok(Arc::new(SourceTable::new(PortfolioSource::new(spec, &ctx.state()?))))
}

/// What was asked of a function whose symbols have this name.
pub fn spec(
    ctx: &Context,
    args: &Resolved,
    (function, symbols): (&'static str, &'static str),
    output: PortfolioOutput,
) -> Result<PortfolioSpec> {
    let for_grids = "call it for each row of a grid with LATERAL";
    let kind = Kind { output: OutputKind::Backtest, function, symbols, for_grids };
    let (run, columns) = run::spec_of(ctx, args, kind)?;
    let timeframe = match args.texts("timeframe").as_deref() {
        Some([timeframe]) => Timeframe::parse(timeframe)?,
        _ => {
            return Err(Error::argument(format!(
                "`timeframe` of {function}() must be one timeframe with `max_positions`: an account goes by one"
            )));
        }
    };
    let rank_by = args.text("rank_by");
    if let Some(column) = &rank_by {
        number_column(&columns, column, (function, "rank_by", ""), &run.strategy.name)?;
    }
    let rotate = args.bool("rotate").unwrap_or(false);
    if rotate && rank_by.is_none() {
        return Err(Error::argument(format!(
            "`rotate` of {function}() needs `rank_by`, the column of the strategy that says which position is better"
        )));
    }
    let written = args.text("allocation").unwrap_or_else(|| ALLOCATIONS[0].into());
    let (allocation, share_by) = match written.to_lowercase().as_str() {
        "equal" => (Allocation::Equal, None),
        "inverse_volatility" => (Allocation::InverseVolatility, None),
        _ => {
            let words = "'equal', 'inverse_volatility' or ";
            number_column(&columns, &written, (function, "allocation", words), &run.strategy.name)?;
            (Allocation::Fraction, Some(written))
        }
    };
    if args.int("volatility_bars").is_some() && allocation != Allocation::InverseVolatility {
        return Err(Error::argument(format!(
            "`volatility_bars` of {function}() is read with allocation => 'inverse_volatility' only"
        )));
    }
    let spec = PortfolioSpec {
        run,
        timeframe,
        output,
        max_positions: args.int("max_positions").map_or(1, |slots| slots as usize),
        allocation,
        share_by,
        volatility_bars: args.int("volatility_bars").map_or(VOLATILITY_BARS, |bars| bars as usize),
        rank_by,
        rotate,
    };
    if let Some(symbols) = spec.written_symbols() {
        spec.keys(symbols)?;
    }
    Ok(spec)
}

/// Refuses what is no column of numbers of the strategy.
fn number_column(
    columns: &Schema,
    name: &str,
    (function, argument, words): (&str, &str, &str),
    strategy: &str,
) -> Result<()> {
    let place = format!("`{argument}` of {function}()");
    let is_number = |data_type: &datafusion::arrow::datatypes::DataType| data_type.is_numeric();
    match columns.field_with_name(name) {
        Ok(field) if is_number(field.data_type()) => Ok(()),
        Ok(field) => Err(Error::argument(format!(
            "{place} must be {words}a column of numbers, and `{name}` of strategy `{strategy}` is {}",
            field.data_type()
        ))),
        Err(_) => {
            let numbers = columns.fields().iter().filter(|field| is_number(field.data_type()));
            let known = numbers
                .map(|field| field.name().as_str())
                .chain(ALLOCATIONS.iter().copied().filter(|_| !words.is_empty()));
            let hint = crate::error::nearest(name, known);
            let hint = hint.map_or(String::new(), |near| format!("; did you mean '{near}'?"));
            Err(Error::argument(format!(
                "{place} must be {words}a column of strategy `{strategy}`, which has no `{name}`{hint}"
            )))
        }
    }
}
