//! Writes `sql/reference.md` from the registries, so that documentation and engine cannot differ.

use std::fmt::Write;
use std::path::Path;

use datafusion::common::config::ExtensionOptions;
use threadx_kernels::indicator::{INDICATORS, Indicator, Memory, Param, ParamKind};
use threadx_kernels::metric::{COLUMN_ORDER, CONVENTIONS, METRICS, Metric, Variant};
use threadx_kernels::sim::{CONTRACT, OptionValue, PRESETS, RUN_OPTIONS as OPTIONS};

use crate::engine::config::Settings;
use crate::engine::indicator::{default_text, signature};
use crate::engine::strategy::{Catalog, Strategy};
use crate::error::Result;
use crate::udf::aggregate;
use crate::udf::args::ArgDef;
use crate::udf::grid_builder::{GRID_BUILDERS, GridBuilder, LAWS, SAMPLERS};
use crate::udf::portfolio;
use crate::udf::run_options::RUN_OPTIONS;
use crate::udf::scalar::SCALAR_FUNCTIONS;
use crate::udf::table::{TABLE_FUNCTIONS, TableFunction};

/// Statements beside those of DataFusion: how they are written, and what they do.
pub static STATEMENTS: &[(&str, &str)] = &[
    (
        "CREATE [OR REPLACE] STRATEGY name (parameter type DEFAULT value [CHECK (condition)] [SEARCH range] [COMMENT 'text'], \
         ..., CHECK (condition)) [COMMENT 'text'] AS query",
        "Makes a strategy and writes it into the data directory. `type` is INT, DOUBLE, BOOLEAN or TEXT; `range` is \
         `(start, stop, step)`, both ends included, or `[value, ...]`. The query reads the relation `bars`, writes a \
         parameter as `$parameter`, and gives one row per bar with columns of the strategy contract.",
    ),
    ("DROP STRATEGY [IF EXISTS] name", "Removes a strategy. Built-in strategies cannot be dropped."),
    (
        "EXPLAIN AUDIT query",
        "Whether the strategies look ahead that the query runs by backtest(), signals(), trades(), equity(), orders(), \
         portfolio() or its relatives: the rows of [audit](#audit) for each such call. The query itself is not run.",
    ),
    (
        "DROP RESULT [IF EXISTS] name",
        "Removes the rows that `sweep(..., checkpoint => 'name')` has kept. `SELECT * FROM results()` lists them.",
    ),
    ("SHOW STRATEGIES", "Every strategy, as `SELECT * FROM strategies()`."),
    ("DESCRIBE STRATEGY name", "The parameters of a strategy."),
    ("SET threadx.setting = value", "Changes a setting for the session; `RESET threadx.setting` undoes it."),
];

/// The whole reference as Markdown.
pub fn markdown() -> Result<String> {
    let mut out = String::new();
    out.push_str(
        "<!-- Generated from the registries; do not edit. `BLESS=1 cargo test --test it reference` writes it anew. -->\n\n\
         # SQL reference\n\n\
         ThreadX speaks the SQL of Apache DataFusion in the dialect of DuckDB. This page lists what ThreadX adds.\n\n\
         - [Statements](#statements)\n- [Table functions](#table-functions)\n- [Grids and samplers](#grids-and-samplers)\n\
         - [Run options](#run-options)\n- [Strategies](#strategies)\n- [Strategy language](#strategy-language)\n\
         - [Strategy contract](#strategy-contract)\n- [Order model](#order-model)\n- [Portfolio rules](#portfolio-rules)\n- [Indicators](#indicators)\n\
         - [Metrics](#metrics)\n- [Metric conventions](#metric-conventions)\n- [Scalar functions](#scalar-functions)\n\
         - [Settings](#settings)\n",
    );
    statements(&mut out);
    table_functions(&mut out);
    grids(&mut out);
    run_options(&mut out);
    strategies(&mut out)?;
    language(&mut out);
    contract(&mut out);
    order_model(&mut out);
    portfolio_rules(&mut out);
    indicators(&mut out);
    metrics(&mut out);
    conventions(&mut out);
    scalar_functions(&mut out);
    settings(&mut out);
    Ok(out)
}

/// Appends formatted lines; writing to a `String` cannot fail.
macro_rules! put {
    ($out:expr, $($text:tt)*) => {{
        let _ = writeln!($out, $($text)*);
    }};
}

fn section(out: &mut String, title: &str, text: &str) {
    put!(out, "\n## {title}\n\n{text}");
}

/// A Markdown table; a row of nothing but headers is left out.
fn table(out: &mut String, headers: &[&str], rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    put!(out, "\n| {} |\n|{}", headers.join(" | "), "---|".repeat(headers.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|c| c.replace('|', "\\|").replace('\n', " ")).collect();
        put!(out, "| {} |", cells.join(" | "));
    }
}

fn code(text: impl AsRef<str>) -> String {
    let text = text.as_ref();
    if text.is_empty() { String::new() } else { format!("`{text}`") }
}

fn sql(out: &mut String, text: &str) {
    put!(out, "\n```sql\n{text}\n```");
}

fn statements(out: &mut String) {
    section(out, "Statements", "Beside every statement of DataFusion.");
    for (syntax, meaning) in STATEMENTS {
        sql(out, syntax);
        put!(out, "\n{meaning}");
    }
}

fn table_functions(out: &mut String) {
    section(
        out,
        "Table functions",
        "Arguments are positional in the order shown, or `name => value`. Values are constants; `LATERAL f(...)` takes \
         columns of the relations before it. Functions that run a strategy also take subqueries: one column of strings for \
         symbols or timeframes, and for the strategy a grid whose columns are the parameters.",
    );
    for def in TABLE_FUNCTIONS {
        table_function(out, def);
    }
}

fn table_function(out: &mut String, def: &TableFunction) {
    put!(out, "\n### {}\n\n`{}`\n\n{} {}", def.name, def.signature(), def.summary, def.details);
    args_table(out, def.args);
    if def.run_options {
        put!(out, "\nTakes every [run option](#run-options) by name.");
    }
    put!(out, "\nColumns: {}.", def.columns);
    sql(out, def.example);
}

fn args_table(out: &mut String, args: &[ArgDef]) {
    let rows: Vec<Vec<String>> = args
        .iter()
        .map(|arg| {
            let name = if arg.named_only { format!("`{} =>`", arg.name) } else { code(arg.name) };
            let default = match arg.default_sql() {
                Some(sql) => code(sql),
                None => arg.default.unwrap_or("required").to_string(),
            };
            vec![name, arg.kind.describe(), default, arg.summary.into()]
        })
        .collect();
    table(out, &["argument", "value", "default", ""], &rows);
}

fn grids(out: &mut String) {
    section(
        out,
        "Grids and samplers",
        "The points of a sweep, written where a strategy is expected. `strategy => 'name'` says whose parameters they are; \
         parameters that are not named have their defaults.",
    );
    for GridBuilder { name, signature, summary, details, example, .. } in GRID_BUILDERS {
        put!(out, "\n### {name}\n\n`{signature}`\n\n{summary} {details}");
        sql(out, example);
    }
    put!(out, "\n### Laws\n\nWhat a sampler draws a parameter by.");
    let rows: Vec<Vec<String>> = LAWS.iter().map(|law| vec![code(law.signature), law.summary.into()]).collect();
    table(out, &["law", "gives"], &rows);
    put!(out, "\n{SAMPLERS}");
}

fn run_options(out: &mut String) {
    section(
        out,
        "Run options",
        "Named arguments of every function that runs a strategy. What counts, from the strongest: an argument, a preset \
         given as an argument, a setting (`SET threadx.fee_bps = 7`), a preset given as a setting, the default.",
    );
    args_table(out, &RUN_OPTIONS);
    put!(out, "\nWhat their words mean:");
    let words = OPTIONS.iter().flat_map(|option| option.words().map(|(word, meaning)| (option.name, word, meaning)));
    let rows: Vec<Vec<String>> =
        words.map(|(name, word, meaning)| vec![code(format!("{name} => '{word}'")), meaning.into()]).collect();
    table(out, &["option", "means"], &rows);
    let rows: Vec<Vec<String>> = PRESETS
        .iter()
        .map(|p| {
            let sets = p.sets().into_iter().map(|(name, value)| match value {
                OptionValue::Word(word) => code(format!("{name} => '{word}'")),
                OptionValue::Number(number) => code(format!("{name} => {number}")),
            });
            let sets: Vec<String> = sets.collect();
            vec![code(p.name), sets.join(", "), p.summary.into()]
        })
        .collect();
    table(out, &["preset", "sets", ""], &rows);
}

fn strategies(out: &mut String) -> Result<()> {
    section(
        out,
        "Strategies",
        "The built-in ones; each is a file below `sql/strategies`. A parameter takes a value, a list of values \
         (`[10, 20]`, `range(10, 60, 5)`, `linspace(1, 3, 9)`, `logspace(1, 100, 5)`), or the word `search` for its \
         declared range. `range` ends before its second argument, a SEARCH range at it.",
    );
    let catalog = Catalog::open(Path::new(""))?;
    for strategy in catalog.all().iter().filter(|s| s.built_in) {
        one_strategy(out, strategy);
    }
    Ok(())
}

fn one_strategy(out: &mut String, strategy: &Strategy) {
    put!(out, "\n### {}\n\n`{}`\n\n{}.", strategy.name, strategy.signature(), strategy.description);
    for condition in &strategy.checks {
        put!(out, "\nMust satisfy `{condition}`.");
    }
    let rows: Vec<Vec<String>> = strategy
        .params
        .iter()
        .map(|p| {
            let check = p.check.as_ref().map(|c| code(c.to_string())).unwrap_or_default();
            let search = p.search.as_ref().map(|s| code(s.to_string())).unwrap_or_default();
            vec![code(&p.name), p.ty.name().into(), code(p.default.to_string()), check, search, p.description.clone()]
        })
        .collect();
    table(out, &["parameter", "type", "default", "condition", "search", ""], &rows);
}

/// What the body of a strategy may hold beside plain SQL: how it is written, and what it means.
pub static LANGUAGE: &[(&str, &str)] = &[
    (
        "WITH f AS (SELECT *, rsi(close, $period) AS strength FROM bars) SELECT *, strength < 30 AS enter_long FROM f",
        "`bars` is the series being tested, with the columns `ts, open, high, low, close, volume`; `$period` is a parameter. \
         Indicators need no OVER. A sweep evaluates each distinct expression once, as long as the body is made of projections, \
         CTEs and sub-selects; a body with joins, aggregates, window functions or other tables is run whole for each \
         combination of the parameters that it uses. `EXPLAIN` says which.",
    ),
    (
        "SELECT *, close > at_timeframe('4h', ema(close, $trend)) AS enter_long FROM bars",
        "[at_timeframe](#at_timeframe) evaluates an expression on longer bars, which are made of the bars. A bar sees a longer \
         one once that has closed. Each distinct expression is evaluated once there and lined up once.",
    ),
    (
        "SELECT *, at_series('BTCUSDT', close > sma(close, $trend)) AS enter_long FROM bars",
        "[at_series](#at_series) evaluates an expression on the bars of another series, of the same timeframe or of one that is \
         named, in the same way.",
    ),
    (
        "SELECT b.*, b.close > btc.open AS enter_long FROM bars AS b ASOF JOIN bars('BTCUSDT') AS btc MATCH_CONDITION (b.ts >= btc.ts)",
        "The last bar of another series at each bar, NULL before the first, as `ts, open, high, low, close, volume`. \
         `bars('BTCUSDT')` without a timeframe has that of the series being tested, and joins of other kinds may read it, too. \
         `ASOF JOIN` is between bars of one length, in a query `bars('DEMO', '1h') AS a ASOF JOIN bars('RISE', '1h') AS b ...`; \
         for other lengths there is `at_series`, because a longer bar has not closed when it opens. A join that compares the `ts` of bars \
         of different lengths sees the future.",
    ),
    (
        "SELECT *, extract(hour FROM ts) = 8 AS enter_long FROM bars",
        "The time of a bar is `ts`. `now()`, `current_date`, `random()`, `uuid()` and their like are refused wherever they stand, \
         because a strategy must give the same signals every time.",
    ),
];

fn language(out: &mut String) {
    section(out, "Strategy language", "The body of a strategy is a query over `bars` that gives one row per bar.");
    for (example, meaning) in LANGUAGE {
        sql(out, example);
        put!(out, "\n{meaning}");
    }
}

fn order_model(out: &mut String) {
    section(out, "Order model", "What happens in a bar, in this order, and what the words above mean exactly.");
    out.push_str(include_str!("order_model.md"));
}

fn portfolio_rules(out: &mut String) {
    section(out, "Portfolio rules", "One account over many series.");
    out.push_str(portfolio::RULES);
}

fn contract(out: &mut String) {
    section(
        out,
        "Strategy contract",
        "The columns of a strategy's query that the simulator reads. A missing column means none, as does NULL at a bar. \
         At least `enter_long`, `enter_short` or `position` must be there; any other column is a feature, seen in \
         `signals(...)`.",
    );
    let row = |c: &threadx_kernels::sim::ContractColumn| {
        vec![code(c.name), c.kind.name().into(), c.read.name().into(), c.meaning.into()]
    };
    let rows: Vec<Vec<String>> = CONTRACT.iter().map(row).collect();
    table(out, &["column", "type", "read at", ""], &rows);
}

fn indicators(out: &mut String) {
    section(
        out,
        "Indicators",
        "Window functions over rows in time order: `rsi(close, 14) OVER (PARTITION BY symbol ORDER BY ts)`. Over a \
         relation that is known to be in time order, and in the body of a strategy, `OVER` may be left out. A value is \
         NULL until enough bars were seen (`lookback`, here at the default parameters). Inputs are columns; parameters \
         are constants, positional or `name => value`.",
    );
    let mut families: Vec<_> = INDICATORS.iter().map(|d| d.family).collect();
    families.sort_unstable();
    families.dedup();
    for family in families {
        let members = INDICATORS.iter().filter(|d| d.family == family);
        let links: Vec<String> = members.map(|d| format!("[{}](#{})", d.name, anchor(out, d.name))).collect();
        put!(out, "\n**{}**: {}", family.name(), links.join(", "));
    }
    for def in INDICATORS {
        indicator(out, def);
    }
}

fn indicator(out: &mut String, def: &Indicator) {
    put!(out, "\n### {}\n\n`{}`\n\n{}", def.name, signature(def), def.summary);
    put!(out, "\n{}", sentence(def.formula));
    let rows: Vec<Vec<String>> = def
        .params
        .iter()
        .map(|p| {
            let default = default_text(p).map_or("required".into(), code);
            vec![code(p.name), param_range(p), default]
        })
        .collect();
    table(out, &["parameter", "value", "default"], &rows);
    let outputs: Vec<String> = def.outputs.iter().map(|o| format!("`{}` ({})", o.name, o.unit.name())).collect();
    let lookback = (def.lookback)(&def.default_params(1.0));
    let memory = match def.memory {
        Memory::Window => "depends on a window",
        Memory::Recursive => "depends on every bar since the start",
        Memory::Averages => "depends on a window or on every bar since the start, as its averages do",
    };
    put!(out, "\n- gives {}\n- lookback {lookback}, {memory}", outputs.join(", "));
    if !def.aliases.is_empty() {
        put!(out, "- also called {}", def.aliases.iter().map(code).collect::<Vec<_>>().join(", "));
    }
    put!(out, "- source: {}", def.source);
    sql(out, def.example);
}

fn sentence(text: &str) -> String {
    if text.ends_with('.') { text.to_string() } else { format!("{text}.") }
}

fn param_range(param: &Param) -> String {
    match param.kind {
        ParamKind::Int { min, max, .. } => format!("a whole number from {min} to {max}"),
        ParamKind::Float { min, max, .. } => format!("a number from {min} to {max}"),
        ParamKind::Choice { words, .. } => format!("one of {}", words.join(", ")),
    }
}

fn metrics(out: &mut String) {
    section(
        out,
        "Metrics",
        "Columns of `backtest(...)` and `sweep(...)`, in this order. Fractions everywhere (0.05 is 5 %); undefined is \
         NULL. Those with an aggregate can be taken over any column.",
    );
    let rows: Vec<Vec<String>> = COLUMN_ORDER
        .iter()
        .map(|m| {
            let link = format!("[{}](#{})", m.name, anchor(out, m.name));
            vec![link, m.unit.name().into(), code(aggregate::signature(m)), m.summary.into()]
        })
        .collect();
    table(out, &["metric", "unit", "aggregate", ""], &rows);
    for def in METRICS {
        metric(out, def);
    }
}

/// Where the next heading of this name is found: one that is there already has the name itself.
fn anchor(before: &str, name: &str) -> String {
    match before.matches(&format!("\n### {name}\n")).count() {
        0 => name.to_string(),
        again => format!("{name}-{again}"),
    }
}

fn metric(out: &mut String, def: &Metric) {
    put!(out, "\n### {}\n\n{}\n\n{}", def.name, def.summary, sentence(def.formula));
    put!(out, "\n- unit: {}", def.unit.name());
    let aggregate = aggregate::signature(def);
    if !aggregate.is_empty() {
        put!(out, "- aggregate: `{aggregate}`");
    }
    put!(out, "- source: {}", def.source);
    sql(out, def.example);
}

fn conventions(out: &mut String) {
    section(
        out,
        "Metric conventions",
        "Other tools define some metrics otherwise. The run option `convention` and the last argument of every aggregate, \
         `sharpe(ret, periods_per_year => 252, convention => 'quantstats')`, choose whose definition counts. A metric that is \
         not listed is ours: the tool agrees, or has no such metric. Fractions stay fractions and undefined stays NULL, whatever \
         the tool shows. P is `periods_per_year`, r the return of a bar; in an aggregate each row counts as one period, and those \
         that are computed from trades or calendar days over a run are taken from the rows. A run with such metrics is simulated \
         combo by combo, with its account at every bar, and cannot have a checkpoint.",
    );
    for convention in CONVENTIONS.iter().filter(|c| !c.variants.is_empty()) {
        put!(out, "\n### {}\n\n{} Source: {}.", convention.name, convention.summary, convention.source);
        let row = |v: &Variant| {
            let aggregate = if v.aggregate.is_some() { "yes" } else { "" };
            vec![format!("[{0}](#{0})", v.metric), v.formula.into(), aggregate.into()]
        };
        let rows: Vec<Vec<String>> = convention.variants.iter().map(row).collect();
        table(out, &["metric", "formula", "as an aggregate too"], &rows);
    }
}

fn scalar_functions(out: &mut String) {
    section(out, "Scalar functions", "Beside those of DataFusion.");
    for make in SCALAR_FUNCTIONS {
        let function = make();
        let Some(doc) = function.documentation() else { continue };
        put!(out, "\n### {}\n\n`{}`\n\n{}", function.name(), doc.syntax_example, doc.description);
        if let Some(example) = &doc.sql_example {
            sql(out, example);
        }
    }
}

fn settings(out: &mut String) {
    section(
        out,
        "Settings",
        "Changed with `SET threadx.name = value`, listed by `settings()`. A run option without a value here has its \
         default.",
    );
    let rows: Vec<Vec<String>> = Settings::default()
        .entries()
        .into_iter()
        .map(|e| {
            let value = e.value.map(code).unwrap_or_default();
            vec![code(format!("threadx.{}", e.key)), value, e.description.trim().into()]
        })
        .collect();
    table(out, &["setting", "value", ""], &rows);
}
