//! The names that the prompt knows: what completion offers and hints show.

use datafusion::arrow::array::AsArray;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::config::ExtensionOptions;
use threadx_kernels::indicator::INDICATORS;
use threadx_kernels::metric::{COLUMN_ORDER, METRICS};
use threadx_kernels::sim::CONTRACT;

use crate::engine::config::Settings;
use crate::engine::indicator::signature;
use crate::engine::strategy::{ParamType, SearchRange, Strategy};
use crate::engine::timeframe::Timeframe;
use crate::error::Result;
use crate::repl::help;
use crate::session::Engine;
use crate::udf::args::{ArgDef, ArgKind};
use crate::udf::grid_builder::GRID_BUILDERS;
use crate::udf::table::{TABLE_FUNCTIONS, TableFunction};

/// Every name that can be completed.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// Tables and views.
    pub tables: Vec<Relation>,
    /// Table functions.
    pub table_functions: Vec<Function>,
    /// Functions of expressions.
    pub functions: Vec<Function>,
    /// Strategies with their parameters.
    pub strategies: Vec<Function>,
    /// Words that build a grid.
    pub builders: Vec<String>,
    /// Those of them that take the number of points first.
    pub samplers: Vec<String>,
    /// Stored series: symbol and timeframe.
    pub series: Vec<(String, String)>,
    /// Names of stored results, quoted where SQL needs it.
    pub results: Vec<String>,
    /// Settings with their prefix.
    pub settings: Vec<String>,
    /// Settings of DataFusion.
    pub inner_settings: Vec<String>,
    /// Every timeframe, the shortest first.
    pub timeframes: Vec<String>,
    /// Columns that the query of a strategy may give.
    pub contract: Vec<String>,
    /// Topics of help.
    pub topics: Vec<String>,
    /// Variables of the prompt.
    pub variables: Vec<String>,
    /// Columns of the last result.
    pub result: Vec<String>,
}

/// A table or the result of a table function.
#[derive(Debug, Clone, Default)]
pub struct Relation {
    /// Name.
    pub name: String,
    /// Names of the columns.
    pub columns: Vec<String>,
}

/// Something with arguments.
#[derive(Debug, Clone, Default)]
pub struct Function {
    /// Name.
    pub name: String,
    /// Signature as documentation writes it.
    pub signature: String,
    /// Arguments; empty for functions of expressions, whose signature says everything.
    pub args: Vec<Argument>,
    /// Columns of a table function's result, fields of a function that gives a struct.
    pub columns: Vec<String>,
}

/// An argument.
#[derive(Debug, Clone, Default)]
pub struct Argument {
    /// Name.
    pub name: String,
    /// What may be written as its value, as SQL.
    pub values: Vec<String>,
    /// What may be written beside that inside a sampler.
    pub laws: Vec<String>,
    /// What belongs into it.
    pub role: Role,
}

/// What belongs into an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// A symbol of the store.
    Symbol,
    /// A timeframe of the store.
    Timeframe,
    /// A strategy or a grid.
    Strategy,
    /// The path of a file.
    Path,
    /// Anything else.
    #[default]
    Other,
}

/// The catalog of a session now. What cannot be read is left out: a prompt must not fail.
pub async fn catalog(engine: &Engine) -> Catalog {
    let mut catalog = built_in();
    catalog.strategies = engine.workspace().strategies.all().iter().map(|s| strategy(s)).collect();
    catalog.tables = tables(engine).await.unwrap_or_default();
    catalog.series = series(engine).unwrap_or_default();
    let results = engine.workspace().results.names().unwrap_or_default();
    catalog.results = results.iter().map(|name| quoted(name.as_str())).collect();
    let known: Vec<String> = catalog.functions.iter().map(|f| f.name.clone()).collect();
    let state = engine.context().state();
    catalog.inner_settings = state.config_options().entries().into_iter().map(|entry| entry.key).collect();
    catalog.inner_settings.retain(|key| key.starts_with("datafusion."));
    let scalar = state.scalar_functions().iter().map(|(name, f)| (name, f.documentation()));
    let aggregate = state.aggregate_functions().iter().map(|(name, f)| (name, f.documentation()));
    let window = state.window_functions().iter().map(|(name, f)| (name, f.documentation()));
    for (name, documentation) in scalar.chain(aggregate).chain(window) {
        if !known.contains(name) && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let signature = documentation.map(|d| d.syntax_example.clone()).unwrap_or_default();
            catalog.functions.push(Function { name: name.clone(), signature, ..Function::default() });
        }
    }
    catalog.functions.sort_by(|a, b| a.name.cmp(&b.name));
    catalog.functions.dedup_by(|a, b| a.name == b.name);
    catalog
}

/// A name as SQL reads it.
fn quoted(name: &str) -> String {
    let is_bare = name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.contains('-');
    if is_bare { name.to_string() } else { format!("\"{name}\"") }
}

/// The part of the catalog that comes from the registries.
pub fn built_in() -> Catalog {
    let indicators = INDICATORS.iter().map(|def| {
        let fields =
            if def.outputs.len() > 1 { def.outputs.iter().map(|o| o.name.to_string()).collect() } else { vec![] };
        Function { columns: fields, ..function((def.name, signature(def))) }
    });
    let metrics = METRICS
        .iter()
        .filter(|metric| metric.aggregate.is_some())
        .map(|metric| function((metric.name, format!("{}(...)", metric.name))));
    let mut settings: Vec<String> =
        Settings::default().entries().into_iter().map(|entry| format!("threadx.{}", entry.key)).collect();
    settings.sort();
    Catalog {
        table_functions: TABLE_FUNCTIONS.iter().map(|def| table_function(def)).collect(),
        functions: indicators.chain(metrics).collect(),
        builders: GRID_BUILDERS.iter().map(|builder| builder.name.to_string()).collect(),
        samplers: GRID_BUILDERS.iter().filter(|b| b.sampler.is_some()).map(|b| b.name.to_string()).collect(),
        settings,
        timeframes: Timeframe::ALL.iter().map(|timeframe| timeframe.name().to_string()).collect(),
        contract: CONTRACT.iter().map(|column| column.name.to_string()).collect(),
        topics: help::topics().map(str::to_string).collect(),
        ..Catalog::default()
    }
}

fn function((name, signature): (&str, String)) -> Function {
    Function { name: name.into(), signature, ..Function::default() }
}

/// Tables and views with their columns.
pub async fn tables(engine: &Engine) -> Result<Vec<Relation>> {
    let sql = "SELECT CASE WHEN table_schema = 'public' THEN table_name ELSE table_schema || '.' || table_name END AS name, \
               column_name FROM information_schema.columns \
               WHERE table_schema <> 'information_schema' ORDER BY name, ordinal_position";
    let mut tables: Vec<Relation> = vec![];
    for (table, column) in pairs(engine, sql).await? {
        match tables.last_mut() {
            Some(last) if last.name == table => last.columns.push(column),
            _ => tables.push(Relation { name: table, columns: vec![column] }),
        }
    }
    Ok(tables)
}

/// The stored series: symbol and timeframe, sorted.
pub fn series(engine: &Engine) -> Result<Vec<(String, String)>> {
    let keys = engine.workspace().store.keys()?;
    Ok(keys.into_iter().map(|key| (key.symbol.to_string(), key.timeframe.to_string())).collect())
}

/// The rows of a query with two columns of text.
async fn pairs(engine: &Engine, sql: &str) -> Result<Vec<(String, String)>> {
    let mut rows = vec![];
    for batch in engine.sql(sql).await?.collect().await? {
        let (a, b) = (cast(batch.column(0), &DataType::Utf8)?, cast(batch.column(1), &DataType::Utf8)?);
        let texts = a.as_string::<i32>().iter().zip(b.as_string::<i32>());
        rows.extend(texts.map(|(a, b)| (a.unwrap_or_default().to_string(), b.unwrap_or_default().to_string())));
    }
    Ok(rows)
}

fn table_function(def: &TableFunction) -> Function {
    let mut columns: Vec<String> = vec![];
    for part in def.columns.split(',').map(str::trim) {
        match part {
            "one per metric" => columns.extend(COLUMN_ORDER.iter().map(|metric| metric.name.to_string())),
            name if is_name(name) => columns.push(name.to_string()),
            _ => {}
        }
    }
    Function {
        name: def.name.into(),
        signature: def.signature(),
        args: def.all_args().iter().map(argument).collect(),
        columns,
    }
}

fn argument(def: &ArgDef) -> Argument {
    let role = match (def.name, def.kind) {
        ("symbol" | "symbols", _) => Role::Symbol,
        ("timeframe" | "timeframes", _) => Role::Timeframe,
        ("path", _) => Role::Path,
        (_, ArgKind::Strategy) => Role::Strategy,
        _ => Role::Other,
    };
    let values = match def.kind {
        ArgKind::Word(words) => words.iter().map(|word| format!("'{word}'")).collect(),
        ArgKind::Bool => vec!["true".into(), "false".into()],
        ArgKind::WordOrNumber { words, .. } => words.iter().map(|word| format!("'{word}'")).collect(),
        _ => vec![],
    };
    Argument { name: def.name.into(), values, role, ..Argument::default() }
}

/// A strategy with its parameters.
pub fn strategy(strategy: &Strategy) -> Function {
    let args = strategy.params.iter().map(|param| {
        let mut values = match (&param.search, param.ty) {
            (Some(SearchRange::Values(values)), _) => values.iter().map(ToString::to_string).collect(),
            (_, ParamType::Bool) => vec!["true".to_string(), "false".into()],
            _ => vec![],
        };
        values.extend(param.search.is_some().then(|| "search".to_string()));
        if matches!(param.ty, ParamType::Int | ParamType::Double) {
            values.extend(["range(", "linspace(", "logspace("].map(str::to_string));
        }
        let laws: &[&str] = match param.ty {
            ParamType::Int => &["uniform(", "integer("],
            ParamType::Double => &["uniform(", "log_uniform(", "integer("],
            ParamType::Bool | ParamType::Text => &[],
        };
        let laws = laws.iter().map(ToString::to_string).collect();
        Argument { name: param.name.clone(), values, laws, role: Role::Other }
    });
    Function { name: strategy.name.clone(), signature: strategy.signature(), args: args.collect(), columns: vec![] }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
