//! The run options of the simulator as named arguments.

use std::sync::LazyLock;

use datafusion::common::config::{ConfigOptions, ExtensionOptions};
use threadx_kernels::metric::{CONVENTIONS, Convention, DEFAULT_CONVENTION};
use threadx_kernels::sim::{OptionKind, OptionValue, Options, PRESETS, RUN_OPTIONS as OPTIONS, RunOption, preset};

use crate::engine::config::Settings;
use crate::engine::sweep::RunOptions;
use crate::engine::timeframe::{Timeframe, format_ts};
use crate::error::{Error, Result, nearest};
use crate::udf::args::{ArgDef, ArgKind, Resolved};

/// Every run option, in the order of the documentation.
pub static RUN_OPTIONS: LazyLock<Vec<ArgDef>> = LazyLock::new(|| {
    let own = [
        ArgDef::named(
            "since",
            ArgKind::Timestamp,
            "the first bar",
            "Trading starts at the first bar at or after this time, UTC.",
        ),
        ArgDef::named("until", ArgKind::Timestamp, "the last bar", "Trading ends before this time, UTC."),
        ArgDef::named(
            "detail",
            ArgKind::Text,
            "the option `intrabar` decides",
            "Timeframe of finer bars that decide what happened inside a bar, such as '1m'.",
        ),
        ArgDef::named(
            "funding",
            ArgKind::Relation,
            "no funding",
            "Funding rates: a relation with `ts`, `rate` (a fraction of notional, paid by long positions) and, where rates differ, `symbol`.",
        ),
        ArgDef::named(
            "convention",
            ArgKind::Word(&["default", "backtesting_py", "empyrical", "quantstats", "vectorbt"]),
            "'default'",
            "Whose [definitions of the metrics](#metric-conventions).",
        ),
        ArgDef::named("preset", ArgKind::Word(preset_names()), "'default'", "Named set of run options."),
    ];
    OPTIONS.iter().map(argument).chain(own).collect()
});

fn preset_names() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&'static str>> = LazyLock::new(|| PRESETS.iter().map(|preset| preset.name).collect());
    &NAMES
}

/// An option of the simulator as an argument.
fn argument(option: &RunOption) -> ArgDef {
    let kind = match option.kind {
        OptionKind::Word(words) => ArgKind::Word(words),
        OptionKind::Number { min, max } => ArgKind::Number { min, max },
        OptionKind::WordOrNumber { words, min } => ArgKind::WordOrNumber { words, min },
    };
    let default = match option.get(&Options::default()) {
        OptionValue::Word(word) => format!("'{word}'"),
        OptionValue::Number(number) => number.to_string(),
    };
    // Once per option and process.
    ArgDef::named(option.name, kind, default.leak(), option.summary)
}

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
        detail: args.text("detail").map(|text| Timeframe::parse(&text)).transpose()?,
        funding: args.relation("funding").map(|plan| Box::new(plan.clone())),
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

fn from_settings(sim: &mut Options, settings: &Settings) -> Result<()> {
    for entry in settings.entries() {
        let Some(option) = OPTIONS.iter().find(|option| option.name == entry.key) else { continue };
        let Some(text) = entry.value else { continue };
        let value = match (option.kind, text.parse()) {
            (OptionKind::Word(_), _) | (_, Err(_)) => OptionValue::Word(&text),
            (_, Ok(number)) => OptionValue::Number(number),
        };
        let is_outside = match (argument(option).kind, value) {
            (ArgKind::Number { min, max }, OptionValue::Number(number)) => !(min..=max).contains(&number),
            _ => false,
        };
        if is_outside || !option.set(sim, value) {
            return Err(wrong_setting(option, &text));
        }
    }
    Ok(())
}

fn wrong_setting(option: &RunOption, text: &str) -> Error {
    let kind = argument(option).kind;
    let hint = match kind {
        ArgKind::Word(words) => nearest(text, words.iter().copied()),
        _ => None,
    };
    let hint = hint.map_or(String::new(), |near| format!("; did you mean '{near}'?"));
    Error::argument(format!("`threadx.{}` must be {}, got '{text}'{hint}", option.name, kind.describe()))
}

fn from_args(sim: &mut Options, args: &Resolved) -> Result<()> {
    for option in OPTIONS {
        let word = args.word(option.name);
        let value = match (&word, args.number(option.name)) {
            (_, Some(number)) => OptionValue::Number(number),
            (Some(word), None) => OptionValue::Word(word),
            (None, None) => continue,
        };
        if !option.set(sim, value) {
            return Err(Error::argument(format!(
                "`{}` of {}() must be {}, got {value}",
                option.name,
                args.function(),
                argument(option).kind.describe()
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::config::names;

    #[test]
    fn every_option_is_a_setting() {
        let names = names();
        let missing = OPTIONS.iter().map(|option| option.name).find(|name| !names.iter().any(|known| known == name));
        assert_eq!(missing, None);
    }
}
