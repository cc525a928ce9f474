//! Help, written from the registries: whatever is registered has its page.

use std::fmt::Write as _;

use datafusion::common::config::ExtensionOptions;
use threadx_kernels::indicator::{INDICATORS, Indicator, Memory, ParamKind};
use threadx_kernels::metric::{METRICS, Metric};

use crate::engine::config::Settings;
use crate::engine::indicator::{default_text, signature};
use crate::engine::strategy::Strategy;
use crate::error::{Error, Result};
use crate::repl::catalog;
use crate::repl::command::{COMMANDS, Command};
use crate::session::Engine;
use crate::udf::args::ArgDef;
use crate::udf::grid_builder::{GRID_BUILDERS, GridBuilder, LAWS, SAMPLERS};
use crate::udf::run_options::RUN_OPTIONS;
use crate::udf::scalar::SCALAR_FUNCTIONS;
use crate::udf::table::{TABLE_FUNCTIONS, TableFunction};

/// Lists that `help` knows besides the names of things.
const TOPICS: &[(&str, &str)] = &[
    ("commands", "backslash commands"),
    ("functions", "table functions, scalar functions, indicators and metrics"),
    ("grids", "grids and samplers of a sweep"),
    ("indicators", "indicators by family"),
    ("metrics", "metrics of a backtest"),
    ("options", "run options of backtests and sweeps"),
    ("reports", "report files, and those that come with ThreadX"),
    ("settings", "what SET threadx.name = value changes"),
    ("strategies", "strategies, and how to write one"),
];

/// Columns of a page at most.
const WIDEST: usize = 100;

/// Columns of a page at least, however narrow the terminal is.
const NARROWEST: usize = 40;

const OVERVIEW: &str = "\
ThreadX: SQL over price bars. A statement ends with a semicolon.

  SELECT * FROM bars('DEMO', '15m') LIMIT 5;
  SELECT ts, rsi(close, 14) FROM bars('DEMO', '15m');
  SELECT * FROM backtest('DEMO', '15m', bb_atr(bb_period => 20));
  SELECT * FROM sweep('DEMO', '15m', bb_atr(bb_period => range(10, 60, 5)))
  ORDER BY sharpe DESC LIMIT 10;

";

const NO_SERIES: &str =
    "There are no bars yet: `demo` makes the series DEMO, `threadx import FILE...` takes yours.\n\n";

const STRATEGY_SYNTAX: &str = "
A strategy is a query over `bars` with columns such as enter_long, exit_long and stop_distance:

  CREATE STRATEGY dip_buyer (period INT DEFAULT 20, entry_z DOUBLE DEFAULT 2.0) AS
  SELECT *, zscore(close, $period) < -$entry_z AS enter_long, close >= sma(close, $period) AS exit_long FROM bars;

Longer bars and other series are seen once they have closed: at_timeframe('4h', ema(close, 20)),
at_series('BTCUSDT', close).
";

/// The lists that help knows.
pub fn topics() -> impl Iterator<Item = &'static str> {
    TOPICS.iter().map(|(name, _)| *name)
}

/// The page of a topic, or the overview without one.
pub fn page(engine: &Engine, topic: &str) -> Result<String> {
    let topic = topic.trim().trim_end_matches("()");
    match topic.to_lowercase().as_str() {
        "" => return Ok(overview(engine)),
        "commands" => return Ok(commands()),
        "functions" => return Ok(functions()),
        "grids" | "samplers" => return Ok(grids()),
        "indicators" => return Ok(indicators()),
        "metrics" => return Ok(metrics()),
        "options" => return Ok(options()),
        "reports" | "report" => return Ok(super::report::guide()),
        "settings" => return Ok(settings()),
        "strategies" | "strategy" => return Ok(strategies(engine)? + STRATEGY_SYNTAX),
        _ => {}
    }
    thing(engine, topic).ok_or_else(|| {
        let strategies = engine.workspace().strategies.all();
        let known = TOPICS
            .iter()
            .map(|(name, _)| *name)
            .chain(TABLE_FUNCTIONS.iter().map(|f| f.name))
            .chain(GRID_BUILDERS.iter().map(|b| b.name))
            .chain(INDICATORS.iter().map(|i| i.name))
            .chain(METRICS.iter().map(|m| m.name))
            .chain(strategies.iter().map(|s| s.name.as_str()));
        match crate::error::nearest(topic, known) {
            Some(near) => Error::argument(format!("no help on `{topic}`; did you mean `{near}`?")),
            None => Error::argument(format!("no help on `{topic}`; `help` alone lists the topics")),
        }
    })
}

/// The pages of everything that has this name.
pub fn thing(engine: &Engine, name: &str) -> Option<String> {
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    let bare = name.trim_start_matches('\\');
    let mut pages: Vec<String> = vec![];
    pages.extend(TABLE_FUNCTIONS.iter().filter(|f| is(f.name)).map(|f| table_function(f)));
    pages.extend(
        INDICATORS.iter().filter(|i| is(i.name) || i.aliases.iter().any(|alias| is(alias))).map(|i| indicator(i)),
    );
    pages.extend(METRICS.iter().filter(|m| is(m.name)).map(|m| metric(m)));
    pages.extend(GRID_BUILDERS.iter().filter(|b| is(b.name)).map(grid_builder));
    pages.extend(engine.workspace().strategies.all().iter().filter(|s| is(&s.name)).map(|s| strategy(s)));
    pages.extend(RUN_OPTIONS.iter().filter(|o| is(o.name)).map(option));
    pages.extend(
        Settings::default()
            .entries()
            .into_iter()
            .filter(|e| is(&format!("threadx.{}", e.key)))
            .map(|e| format!("threadx.{}\n  {}\n  SET threadx.{} = value;\n", e.key, e.description.trim(), e.key)),
    );
    pages
        .extend(COMMANDS.iter().filter(|c| c.name == bare && name.starts_with('\\')).map(|c| line(c.usage, c.summary)));
    if pages.is_empty() {
        pages.extend(sql_function(engine, name));
    }
    (!pages.is_empty()).then(|| pages.join("\n"))
}

/// What DataFusion says about one of its functions.
fn sql_function(engine: &Engine, name: &str) -> Option<String> {
    let state = engine.context().state();
    let name = name.to_lowercase();
    let scalar = state.scalar_functions().get(&name).and_then(|f| f.documentation());
    let aggregate = || state.aggregate_functions().get(&name).and_then(|f| f.documentation());
    let window = || state.window_functions().get(&name).and_then(|f| f.documentation());
    let doc = scalar.or_else(aggregate).or_else(window)?;
    let mut text = format!("{}\n{}\n", doc.syntax_example, paragraph(&doc.description));
    let args = doc.arguments.iter().flatten().map(|(name, what)| (name.as_str(), what.clone()));
    section("arguments", args, &mut text);
    Some(text)
}

/// The overview; its statements are about a series that is there, or about the one that `demo` makes.
fn overview(engine: &Engine) -> String {
    let series = catalog::series(engine).unwrap_or_default().into_iter().next();
    let mut text = match series {
        Some((symbol, timeframe)) => OVERVIEW.replace("'DEMO', '15m'", &format!("'{symbol}', '{timeframe}'")),
        None => OVERVIEW.to_string() + NO_SERIES,
    };
    section("help", TOPICS.iter().map(|(name, what)| (*name, what.to_string())), &mut text);
    text += "  help NAME    the page of a function, indicator, metric, strategy or option\n\n";
    text + &commands()
}

fn commands() -> String {
    let mut text = String::new();
    section("commands", COMMANDS.iter().map(|Command { usage, summary, .. }| (*usage, summary.to_string())), &mut text);
    text
}

/// Every function with its summary.
pub fn functions() -> String {
    let mut text = String::new();
    section("table functions", TABLE_FUNCTIONS.iter().map(|f| (f.name, f.summary.to_string())), &mut text);
    text + &scalar_functions() + &indicators() + &metrics()
}

fn scalar_functions() -> String {
    let functions: Vec<_> = SCALAR_FUNCTIONS.iter().map(|make| make()).collect();
    let first = |text: &str| text.split_inclusive(['.', ':']).next().unwrap_or(text).replace(':', ".");
    let rows = functions.iter().filter_map(|f| Some((f.name(), first(&f.documentation()?.description))));
    let mut text = String::new();
    section("scalar functions", rows, &mut text);
    text
}

fn indicators() -> String {
    let mut families: Vec<_> = INDICATORS.iter().map(|i| i.family).collect();
    families.sort();
    families.dedup();
    let mut text = String::new();
    for family in families {
        let members = INDICATORS.iter().filter(|i| i.family == family);
        section(&format!("indicators: {}", family.name()), members.map(|i| (i.name, i.summary.to_string())), &mut text);
    }
    text
}

fn metrics() -> String {
    let mut text = String::new();
    section("metrics", METRICS.iter().map(|m| (m.name, m.summary.to_string())), &mut text);
    text
}

fn grids() -> String {
    let mut text = String::new();
    let rows = GRID_BUILDERS.iter().map(|b| (b.name, format!("{} {}", b.signature, b.summary)));
    section("grids and samplers, written where a strategy is expected", rows, &mut text);
    text + &laws()
}

fn laws() -> String {
    let mut text = String::new();
    section("laws of a parameter in a sampler", LAWS.iter().map(|l| (l.signature, l.summary.to_string())), &mut text);
    text + &paragraph(SAMPLERS)
}

fn grid_builder(def: &GridBuilder) -> String {
    let laws = if def.sampler.is_some() { laws() + "\n" } else { String::new() };
    format!(
        "{}\n{}{}\n{laws}example\n{}",
        def.signature,
        paragraph(def.summary),
        paragraph(def.details),
        paragraph(&format!("{};", def.example))
    )
}

fn options() -> String {
    let mut text = String::new();
    let rows = RUN_OPTIONS.iter().map(|o| (o.name, format!("{} Default {}.", o.summary, o.default.unwrap_or("none"))));
    section("run options, written name => value", rows, &mut text);
    text
}

fn settings() -> String {
    let mut entries = Settings::default().entries();
    entries.sort_by(|a, b| a.key.cmp(&b.key));
    let names: Vec<String> = entries.iter().map(|e| format!("threadx.{}", e.key)).collect();
    let mut text = String::new();
    let rows = names.iter().zip(&entries).map(|(name, e)| (name.as_str(), e.description.trim().to_string()));
    section("settings, changed by SET name = value", rows, &mut text);
    text
}

/// Every strategy with its description.
pub fn strategies(engine: &Engine) -> Result<String> {
    engine.workspace().strategies.refresh()?;
    let all = engine.workspace().strategies.all();
    let mut text = String::new();
    section("strategies", all.iter().map(|s| (s.name.as_str(), s.description.clone())), &mut text);
    Ok(text)
}

/// Every strategy with its description and, in short, its parameters: default and search range.
pub fn strategies_in_full(engine: &Engine) -> Result<String> {
    engine.workspace().strategies.refresh()?;
    let all = engine.workspace().strategies.all();
    let mut text = String::new();
    for strategy in all.iter() {
        let _ = writeln!(text, "{}\n{}", strategy.name, paragraph(&strategy.description).trim_end());
        let params = strategy.params.iter().map(|param| {
            let search = param.search.as_ref().map(|search| format!(", search {search}")).unwrap_or_default();
            (param.name.as_str(), format!("{}{search}", param.default))
        });
        let rows: Vec<String> = params.map(|(name, what)| format!("    {name:20}  {what}\n")).collect();
        text += &rows.concat();
        text.push('\n');
    }
    Ok(text + "\\ds NAME and `help NAME` say more.\n")
}

/// A strategy with its parameters.
pub fn strategy(strategy: &Strategy) -> String {
    let mut text = format!("{}(...)\n", strategy.name);
    if !strategy.description.is_empty() {
        let _ = writeln!(text, "  {}", strategy.description);
    }
    let rows = strategy.params.iter().map(|param| {
        let mut what = format!("{} DEFAULT {}", param.ty.name(), param.default);
        if let Some(check) = &param.check {
            let _ = write!(what, " CHECK ({check})");
        }
        if let Some(search) = &param.search {
            let _ = write!(what, " SEARCH {search}");
        }
        if !param.description.is_empty() {
            let _ = write!(what, ": {}", param.description);
        }
        (param.name.as_str(), what)
    });
    text.push('\n');
    section("parameters", rows, &mut text);
    text
}

fn table_function(def: &TableFunction) -> String {
    let mut text = format!("{}\n{}{}\n", def.signature(), paragraph(def.summary), paragraph(def.details));
    section("arguments", def.args.iter().map(|arg| (arg.name, described(arg))), &mut text);
    if def.run_options {
        text += "run options\n  every one of `help options`, written name => value\n\n";
    }
    let _ = writeln!(text, "columns\n{}\nexample\n  {};", paragraph(def.columns), def.example);
    text
}

fn described(arg: &ArgDef) -> String {
    let default = arg.default.map(|default| format!(" Default {default}.")).unwrap_or_default();
    format!("{} {}.{default}", arg.summary, capitalised(&arg.kind.describe()))
}

fn option(arg: &ArgDef) -> String {
    format!(
        "{} => {}\n  run option of backtest() and sweep(): {}\n",
        arg.name,
        arg.default.unwrap_or("value"),
        described(arg)
    )
}

fn indicator(def: &Indicator) -> String {
    let mut text = format!("{}\n  {}\n\n", signature(def), def.summary);
    if !def.aliases.is_empty() {
        let _ = writeln!(text, "also called {}\n", def.aliases.join(", "));
    }
    let params = def.params.iter().map(|param| {
        let range = match param.kind {
            ParamKind::Int { min, max, .. } => format!("a whole number from {min} to {max}"),
            ParamKind::Float { min, max, .. } => format!("a number from {min} to {max}"),
            ParamKind::Choice { words, .. } => format!("one of {}", words.join(", ")),
        };
        let default = default_text(param).map_or("required".to_string(), |default| format!("default {default}"));
        (param.name, format!("{range}; {default}"))
    });
    section("parameters", params, &mut text);
    section("outputs", def.outputs.iter().map(|o| (o.name, o.unit.name().to_string())), &mut text);
    let memory = match def.memory {
        Memory::Window => "a value depends on a window of bars",
        Memory::Recursive => "a value depends on every bar since the start",
        Memory::Averages => "a value depends on a window of bars or on every bar since the start, as its averages do",
    };
    let lookback = (def.lookback)(&def.default_params(1.0));
    let lookback = format!("{lookback} leading rows are NULL at the defaults; {memory}");
    let source = format!("source: {}", def.source);
    let parts = [def.formula, &lookback, &source].map(paragraph).concat();
    let _ = writeln!(text, "formula\n{parts}\nexample\n  {};", def.example);
    text
}

fn metric(def: &Metric) -> String {
    let mut text = format!("{}\n  {} Unit: {}.\n\n", def.name, def.summary, def.unit.name());
    let source = paragraph(&format!("source: {}", def.source));
    let _ = writeln!(text, "formula\n{}{source}\nexample\n  {};", paragraph(def.formula), def.example);
    text
}

/// A heading and its lines, the second column aligned; nothing if there are no lines.
pub fn section<'a>(heading: &str, rows: impl Iterator<Item = (&'a str, String)>, text: &mut String) {
    let rows: Vec<(&str, String)> = rows.collect();
    let Some(width) = rows.iter().map(|(name, _)| name.len()).max() else { return };
    let width = width.min(28).min(page_width() / 2);
    let _ = writeln!(text, "{heading}");
    for (name, what) in rows {
        let lines = wrapped(&what, page_width().saturating_sub(width + 4));
        let mut lines = lines.iter();
        let _ = writeln!(text, "{}", format!("  {name:width$}  {}", lines.next().map_or("", |l| l)).trim_end());
        for line in lines {
            let _ = writeln!(text, "  {:width$}  {line}", "");
        }
    }
    text.push('\n');
}

/// A paragraph, indented and wrapped.
fn paragraph(words: &str) -> String {
    wrapped(words, page_width() - 2).iter().map(|line| format!("  {line}\n")).collect()
}

/// Columns of a page: those of the terminal within limits, the most where there is none.
fn page_width() -> usize {
    let terminal = console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
    terminal.map_or(WIDEST, |columns| columns.clamp(NARROWEST, WIDEST))
}

fn wrapped(words: &str, width: usize) -> Vec<String> {
    let mut lines = vec![];
    let mut line = String::new();
    for word in words.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += word;
    }
    lines.push(line);
    lines
}

/// Series as one line per symbol.
pub fn by_symbol(series: &[(String, String)]) -> impl Iterator<Item = (&str, String)> {
    series.chunk_by(|a, b| a.0 == b.0).map(|group| {
        let timeframes: Vec<&str> = group.iter().map(|(_, timeframe)| timeframe.as_str()).collect();
        (group[0].0.as_str(), timeframes.join(", "))
    })
}

fn line(usage: &str, summary: &str) -> String {
    format!("{usage}\n  {summary}\n")
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_registered_has_a_page() {
        let dir = tempfile::tempdir().unwrap();
        let engine = Engine::builder().data_dir(dir.path()).build().unwrap();
        let strategies = engine.workspace().strategies.all();
        let names = TABLE_FUNCTIONS
            .iter()
            .map(|f| f.name)
            .chain(GRID_BUILDERS.iter().map(|b| b.name))
            .chain(INDICATORS.iter().map(|i| i.name))
            .chain(METRICS.iter().map(|m| m.name))
            .chain(RUN_OPTIONS.iter().map(|o| o.name))
            .chain(strategies.iter().map(|s| s.name.as_str()))
            .chain(TOPICS.iter().map(|(name, _)| *name));
        for name in names {
            assert!(page(&engine, name).unwrap().contains('\n'), "{name}");
        }
        assert_eq!(
            page(&engine, "strategis").unwrap_err().to_string(),
            "no help on `strategis`; did you mean `strategies`?"
        );
        assert!(page(&engine, "\\timing").unwrap().starts_with("\\timing [on|off]\n"));
    }
}
