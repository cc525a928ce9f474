//! The run options of the simulator as named arguments.

use datafusion::common::config::ConfigOptions;
use threadx_kernels::metric::{CONVENTIONS, Convention, DEFAULT_CONVENTION};
use threadx_kernels::sim::{DirectionFilter, Fill, Intrabar, Options, PRESETS, Reentry, StopFill, preset};

use crate::engine::config::Settings;
use crate::engine::sweep::RunOptions;
use crate::engine::timeframe::format_ts;
use crate::error::{Error, Result};
use crate::udf::args::{ArgDef, ArgKind, Resolved};

/// The run options, in the order of the documentation.
pub fn args() -> Vec<ArgDef> {
    RUN_OPTIONS.to_vec()
}

/// Every run option.
pub static RUN_OPTIONS: &[ArgDef] = &[
    ArgDef::named("fill", ArgKind::Word(&["next_open", "close"]), "'next_open'", "When orders fill."),
    ArgDef::named("stop_fill", ArgKind::Word(&["intrabar", "close"]), "'intrabar'", "Where stops and targets fill."),
    ArgDef::named(
        "intrabar",
        ArgKind::Word(&["stop_first", "target_first", "nearest_open"]),
        "'stop_first'",
        "Which level is reached first in a bar that touches both stop and target.",
    ),
    ArgDef::named(
        "fee_bps",
        ArgKind::Number { min: 0.0, max: 5000.0 },
        "10",
        "Fee per fill, basis points of notional.",
    ),
    ArgDef::named(
        "slippage_bps",
        ArgKind::Number { min: 0.0, max: 5000.0 },
        "5",
        "Slippage per fill, basis points of price, always against you.",
    ),
    ArgDef::named(
        "initial_capital",
        ArgKind::Number { min: f64::MIN_POSITIVE, max: f64::INFINITY },
        "10000",
        "Money at the start, quote currency.",
    ),
    ArgDef::named("direction", ArgKind::Word(&["both", "long", "short"]), "'both'", "Which directions may be entered."),
    ArgDef::named(
        "reentry",
        ArgKind::Word(&["same_bar", "next_bar"]),
        "'same_bar'",
        "Whether an entry may be decided on the bar of an exit.",
    ),
    ArgDef::named(
        "lot_size",
        ArgKind::Number { min: 0.0, max: f64::INFINITY },
        "0",
        "Quantities are rounded down to a multiple of this; 0 allows any.",
    ),
    ArgDef::named(
        "min_notional",
        ArgKind::Number { min: 0.0, max: f64::INFINITY },
        "0",
        "Orders below this notional are rejected.",
    ),
    ArgDef::named(
        "maintenance_margin",
        ArgKind::Number { min: 0.0, max: 0.99 },
        "0.005",
        "Equity over notional at which a leveraged or short position is liquidated.",
    ),
    ArgDef::named(
        "since",
        ArgKind::Timestamp,
        "the first bar",
        "Trading starts at the first bar at or after this time, UTC.",
    ),
    ArgDef::named("until", ArgKind::Timestamp, "the last bar", "Trading ends before this time, UTC."),
    ArgDef::named(
        "periods_per_year",
        ArgKind::PeriodsPerYear,
        "'auto'",
        "Bars per year for annualised metrics, or 'auto'.",
    ),
    ArgDef::named("risk_free", ArgKind::Number { min: -0.99, max: 10.0 }, "0", "Annual risk-free return, a fraction."),
    ArgDef::named(
        "convention",
        ArgKind::Word(&["default", "backtesting_py", "empyrical", "quantstats", "vectorbt"]),
        "'default'",
        "Whose [definitions of the metrics](#metric-conventions).",
    ),
    ArgDef::named("preset", ArgKind::Word(&["default", "threadx_py"]), "'default'", "Named set of run options."),
];

/// The options of a run: argument, preset as argument, setting, preset as setting, default, in this order.
pub fn resolve(options: &ConfigOptions, args: &Resolved) -> Result<RunOptions> {
    let settings = options
        .extensions
        .get::<Settings>()
        .ok_or_else(|| Error::Internal("the session has no settings of ThreadX".into()))?;
    let mut run = RunOptions {
        sim: Options::default(),
        since: args.timestamp("since"),
        until: args.timestamp("until"),
        preset: "default".into(),
        convention: &DEFAULT_CONVENTION,
        threads: settings.threads,
        bank_bytes: settings.bank_bytes,
    };
    if let Some(name) = &settings.preset {
        apply_preset(&mut run, name)?;
    }
    from_settings(&mut run.sim, settings)?;
    if let Some(name) = args.word("preset") {
        apply_preset(&mut run, &name)?;
    }
    from_args(&mut run.sim, args)?;
    if let Some(name) = args.word("convention").or_else(|| settings.convention.clone()) {
        run.convention = convention(&name)?;
    }
    if let (Some(since), Some(until)) = (run.since, run.until)
        && since >= until
    {
        return Err(Error::argument(format!(
            "`since` of {}() must be before `until`, got {} and {}",
            args.function(),
            format_ts(since),
            format_ts(until)
        )));
    }
    run.sim.check().map_err(Error::argument)?;
    Ok(run)
}

/// The convention of a name.
pub fn convention(name: &str) -> Result<&'static Convention> {
    Convention::parse(name)
        .ok_or_else(|| Error::unknown("convention", name, String::new(), CONVENTIONS.iter().map(|c| c.name)))
}

fn apply_preset(run: &mut RunOptions, name: &str) -> Result<()> {
    let preset =
        preset(name).ok_or_else(|| Error::unknown("preset", name, String::new(), PRESETS.iter().map(|p| p.name)))?;
    (preset.apply)(&mut run.sim);
    run.preset = preset.name.to_string();
    Ok(())
}

/// A word of an option, from an argument or a setting.
fn word<T: Copy>(
    option: &str,
    word: Option<&str>,
    slot: &mut T,
    parse: fn(&str) -> Option<T>,
    names: &[&str],
) -> Result<()> {
    if let Some(word) = word {
        *slot = parse(word)
            .ok_or_else(|| Error::unknown("value", word, format!("option `{option}`"), names.iter().copied()))?;
    }
    Ok(())
}

fn words(sim: &mut Options, get: &dyn Fn(&str) -> Option<String>) -> Result<()> {
    word("fill", get("fill").as_deref(), &mut sim.fill, Fill::parse, &["next_open", "close"])?;
    word("stop_fill", get("stop_fill").as_deref(), &mut sim.stop_fill, StopFill::parse, &["intrabar", "close"])?;
    let rules = ["stop_first", "target_first", "nearest_open"];
    word("intrabar", get("intrabar").as_deref(), &mut sim.intrabar, Intrabar::parse, &rules)?;
    let directions = ["both", "long", "short"];
    word("direction", get("direction").as_deref(), &mut sim.direction, DirectionFilter::parse, &directions)?;
    word("reentry", get("reentry").as_deref(), &mut sim.reentry, Reentry::parse, &["same_bar", "next_bar"])
}

fn numbers(sim: &mut Options, get: &dyn Fn(&str) -> Option<f64>) {
    let slots: [(&str, &mut f64); 7] = [
        ("fee_bps", &mut sim.fee_bps),
        ("slippage_bps", &mut sim.slippage_bps),
        ("initial_capital", &mut sim.initial_capital),
        ("lot_size", &mut sim.lot_size),
        ("min_notional", &mut sim.min_notional),
        ("maintenance_margin", &mut sim.maintenance_margin),
        ("risk_free", &mut sim.risk_free),
    ];
    for (name, slot) in slots {
        if let Some(value) = get(name) {
            *slot = value;
        }
    }
}

fn from_settings(sim: &mut Options, settings: &Settings) -> Result<()> {
    let of = |name: &str| match name {
        "fill" => settings.fill.clone(),
        "stop_fill" => settings.stop_fill.clone(),
        "intrabar" => settings.intrabar.clone(),
        "direction" => settings.direction.clone(),
        "reentry" => settings.reentry.clone(),
        _ => None,
    };
    words(sim, &of)?;
    numbers(sim, &|name| match name {
        "fee_bps" => settings.fee_bps,
        "slippage_bps" => settings.slippage_bps,
        "initial_capital" => settings.initial_capital,
        "lot_size" => settings.lot_size,
        "min_notional" => settings.min_notional,
        "maintenance_margin" => settings.maintenance_margin,
        "risk_free" => settings.risk_free,
        _ => None,
    });
    if let Some(text) = &settings.periods_per_year {
        sim.periods_per_year = match text.parse::<f64>() {
            _ if text.eq_ignore_ascii_case("auto") => None,
            Ok(value) => Some(value),
            Err(_) => {
                return Err(Error::argument(format!(
                    "`threadx.periods_per_year` must be auto or a number above 0, got '{text}'"
                )));
            }
        };
    }
    Ok(())
}

fn from_args(sim: &mut Options, args: &Resolved) -> Result<()> {
    words(sim, &|name| args.word(name))?;
    numbers(sim, &|name| args.number(name));
    if args.get("periods_per_year").is_some() {
        sim.periods_per_year = args.number("periods_per_year");
    }
    Ok(())
}
