//! `audit(...)`: whether a strategy looks ahead.

use std::sync::Arc;

use super::def::TableFunction;
use crate::engine::audit::{AuditSource, Audited, DEFAULT_CUTS, MAX_CUTS, MIN_CUTS, audit_schema};
use crate::engine::source::SourceTable;
use crate::engine::sweep::{OutputKind, PortfolioOutput, RunSpec};
use crate::error::{Error, Result};
use crate::udf::args::{ArgDef, ArgKind, Resolved};
use crate::udf::table::Context;
use crate::udf::{portfolio, run};

const ARGS: &[ArgDef] = &[
    run::ARGS[0],
    run::ARGS[1],
    run::ARGS[2],
    ArgDef::named(
        "cuts",
        ArgKind::Int { min: MIN_CUTS as i64, max: MAX_CUTS as i64 },
        "16",
        "How often the series is cut for the truncation test.",
    ),
    ArgDef::named(
        "max_positions",
        portfolio::ARGS[3].kind,
        "each series by itself",
        "With it the account of portfolio() is looked at, too: most positions open at a time.",
    ),
    portfolio::ARGS[4],
    portfolio::ARGS[5],
    portfolio::ARGS[6],
    portfolio::ARGS[7],
];

/// What is looked at.
fn audited(ctx: &Context, args: &Resolved) -> Result<Audited> {
    if args.int("max_positions").is_some() {
        return Ok(Audited::Portfolio(portfolio::spec(ctx, args, ("audit", "symbol"), PortfolioOutput::Equity)?));
    }
    if let Some(given) = portfolio::ARGS[4..].iter().find(|arg| args.get(arg.name).is_some()) {
        return Err(Error::argument(format!(
            "`{}` of audit() is a rule of an account over several series; name `max_positions`, too, to look at that account",
            given.name
        )));
    }
    let (spec, _) = run::spec(ctx, args, OutputKind::Signals)?;
    Ok(Audited::Strategy(RunSpec { function: "audit", ..spec }))
}

pub(super) static DEF: TableFunction = TableFunction {
    name: "audit",
    summary: "Whether a strategy looks ahead: one verdict per column that it produces.",
    details: "The body is evaluated on the first bars of the series alone, for several numbers of bars: near the end, and \
              in neighbouring pairs spread over the series, so that cuts lie inside longer bars, too. Other series, \
              `ohlcv` and runs of strategies that the body reads are cut to the bars that were over by then. What it says \
              of the bars so far must be, bit for bit, what it says of them in the whole series. Besides, the plan is \
              searched for what may read later rows: lead() and negative lag(), frames that reach following rows, windows \
              that are not ordered by ts or ordered backwards, aggregates and subqueries over all bars, longer bars joined \
              on the time at which they open, functions of the clock, and tables whose rows have no known time. `verdict` \
              is `look_ahead` if a value changed: then `first_ts` is the first bar that did, `cut_ts` the last bar that \
              was known, `value_then` and `value_final` the value with those bars and with all (`no row` where the body \
              gave none), and `look_ahead_bars` how many later bars were enough for a value, NULL if only all were. It is \
              `suspect` if nothing changed, but the plan has a `finding`, and `causal` otherwise. `expression` is the \
              offending one. Without a leak, `lookback` counts the rows at the start that are NULL, and `warmup_bars` the \
              bars after which no value of the series shows where it starts (to a billionth; a condition may stop to show it \
              before its numbers do), NULL where it always shows. `contract` tells columns that the simulator reads from features, \
              `rank_by` and a column of `allocation` among the former; columns of the bars have no row. `since` and `until` \
              choose the bars that are compared; other run options change nothing for a strategy by itself. With `max_positions` \
              the account of [portfolio](#portfolio) has rows of its own, after those of the series and with all symbols: \
              `portfolio_equity.equity`, `.positions` and `.free_capital`. The account is run on what was known at each cut, \
              and its books up to then must be the same bits. They are `look_ahead` if they are not, or if a column that the \
              account reads is, and `suspect` if such a column is; `finding` names it. `funding` is taken as given. \
              Cost: the body once per cut, so cuts times bars, and twice that with an account; for a leaky column some more \
              evaluations, twice the logarithm of the bars at most.",
    args: ARGS,
    run_options: true,
    columns: "symbol, timeframe, strategy, params, column_name, contract, verdict, finding, expression, first_ts, cut_ts, \
              value_then, value_final, look_ahead_bars, lookback, warmup_bars, cuts",
    example: "SELECT column_name, verdict, finding, lookback FROM audit('DEMO', '1h', bb_atr())",
    schema: |_, _| Ok(audit_schema()),
    plan: |ctx, args| {
        let cuts = args.int("cuts").map_or(DEFAULT_CUTS, |cuts| cuts as usize);
        Ok(Arc::new(SourceTable::new(AuditSource::new(audited(ctx, args)?, cuts, &ctx.state()?))))
    },
};
