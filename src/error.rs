//! The one error type, and the only place that converts to and from [`DataFusionError`].
//!
//! Every error reads as one sentence: what is wrong, where, and what is allowed. The code is stable, so that a program can
//! match on it; the class tells a mistake in the query from a failure of the machine and from a bug of ours.

use std::fmt;
use std::path::{Path, PathBuf};

use datafusion::arrow::error::ArrowError;
use datafusion::common::{DataFusionError, SchemaError};
use threadx_kernels::indicator::INDICATORS;
use threadx_kernels::metric::METRICS;

/// Formats that SQL reads and writes files in, by extension.
const FILE_FORMATS: &[&str] = &["parquet", "csv", "json", "ndjson", "arrow", "feather"];

/// Result with the project's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Who can mend an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The query or command is wrong: change it and try again.
    User,
    /// The data is wrong: mend the file or say how to treat it.
    Data,
    /// The machine could not do it: memory, disk, rights.
    Execution,
    /// A defect of ThreadX.
    Internal,
}

/// Anything that can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A name that does not exist.
    #[error("unknown {kind} `{name}`{}{}", Place(within), Hint { suggestion, allowed })]
    UnknownName {
        /// What kind of name it is, such as `parameter`.
        kind: &'static str,
        /// The name as written.
        name: String,
        /// Where it stands, such as ``strategy `bb_atr` ``; may be empty.
        within: String,
        /// The nearest valid name.
        suggestion: Option<String>,
        /// Valid names, listed when there is no good suggestion.
        allowed: Vec<String>,
    },
    /// An argument with a wrong type, value or combination.
    #[error("{0}")]
    InvalidArgument(String),
    /// SQL that cannot be parsed or planned.
    #[error("{0}")]
    Sql(String),
    /// A strategy that breaks the contract of the simulator.
    #[error("strategy `{strategy}`: {message}")]
    Strategy {
        /// Name of the strategy.
        strategy: String,
        /// What is wrong with it.
        message: String,
    },
    /// Data that cannot be taken as it is.
    #[error("{}{message}", Source(path))]
    Data {
        /// File that holds the data, where there is one.
        path: Option<PathBuf>,
        /// What is wrong, with the row where known.
        message: String,
    },
    /// An operation of the operating system that failed.
    #[error("cannot {action} {}: {}", path.display(), IoReason(source))]
    Io {
        /// What was tried, such as `read`.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A limit on memory or size that would be exceeded.
    #[error("{0}")]
    Resources(String),
    /// The statement was cancelled.
    #[error("cancelled")]
    Cancelled,
    /// An error of DataFusion that has no better form.
    #[error("{}", plain_message(.0))]
    DataFusion(Box<DataFusionError>),
    /// A defect of ThreadX.
    #[error("internal error: {0}; this is a bug in ThreadX, please report it")]
    Internal(String),
}

impl Error {
    /// An unknown name with the nearest valid one, or the list of all where nothing is near.
    pub fn unknown<'a>(
        kind: &'static str,
        name: &str,
        within: impl Into<String>,
        valid: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let valid: Vec<&str> = valid.into_iter().collect();
        Error::UnknownName {
            kind,
            name: name.to_string(),
            within: within.into(),
            suggestion: nearest(name, valid.iter().copied()),
            allowed: valid.into_iter().map(str::to_string).collect(),
        }
    }

    /// A wrong argument, described by one sentence.
    pub fn argument(message: impl Into<String>) -> Self {
        Error::InvalidArgument(message.into())
    }

    /// Wrong data in a file.
    pub fn data(path: impl AsRef<Path>, message: impl Into<String>) -> Self {
        Error::Data { path: Some(path.as_ref().to_path_buf()), message: message.into() }
    }

    /// A failed operation on a file.
    pub fn io(action: &'static str, path: impl AsRef<Path>, source: std::io::Error) -> Self {
        Error::Io { action, path: path.as_ref().to_path_buf(), source }
    }

    /// Stable code: `T1xx` user, `T2xx` data, `T3xx` execution, `T9xx` internal.
    pub fn code(&self) -> &'static str {
        match self {
            Error::UnknownName { .. } => "T101",
            Error::InvalidArgument(_) => "T102",
            Error::Sql(_) => "T103",
            Error::Strategy { .. } => "T104",
            Error::Data { .. } => "T201",
            Error::Io { .. } => "T301",
            Error::Resources(_) => "T302",
            Error::Cancelled => "T303",
            Error::DataFusion(e) => match class_of(e) {
                Class::User => "T190",
                Class::Internal => "T991",
                _ => "T390",
            },
            Error::Internal(_) => "T990",
        }
    }

    /// Who can mend it.
    pub fn class(&self) -> Class {
        match self.code().as_bytes()[1] {
            b'1' => Class::User,
            b'2' => Class::Data,
            b'3' => Class::Execution,
            _ => Class::Internal,
        }
    }
}

impl From<Error> for DataFusionError {
    fn from(error: Error) -> Self {
        match error {
            Error::DataFusion(inner) => *inner,
            other => DataFusionError::External(Box::new(other)),
        }
    }
}

impl From<DataFusionError> for Error {
    fn from(error: DataFusionError) -> Self {
        match error {
            DataFusionError::External(inner) => match inner.downcast::<Error>() {
                Ok(own) => *own,
                Err(inner) => match inner.downcast::<DataFusionError>() {
                    Ok(inner) => Error::from(*inner),
                    Err(inner) => Error::DataFusion(Box::new(DataFusionError::External(inner))),
                },
            },
            DataFusionError::Context(text, inner) => match Error::from(*inner) {
                Error::DataFusion(inner) => Error::DataFusion(Box::new(DataFusionError::Context(text, inner))),
                own => own,
            },
            DataFusionError::Diagnostic(_, inner) => Error::from(*inner),
            DataFusionError::Shared(inner) => match std::sync::Arc::try_unwrap(inner) {
                Ok(inner) => Error::from(inner),
                Err(shared) => match own_text(&shared) {
                    Some((class, text)) => match class {
                        Class::User => Error::InvalidArgument(text),
                        Class::Data => Error::Data { path: None, message: text },
                        Class::Execution => Error::Resources(text),
                        Class::Internal => Error::Internal(text),
                    },
                    None => Error::DataFusion(Box::new(DataFusionError::Shared(shared))),
                },
            },
            DataFusionError::ArrowError(inner, trace) => match *inner {
                datafusion::arrow::error::ArrowError::ExternalError(inner) => {
                    Error::from(DataFusionError::External(inner))
                }
                inner => Error::DataFusion(Box::new(DataFusionError::ArrowError(Box::new(inner), trace))),
            },
            DataFusionError::Internal(text) if text.starts_with(NO_STORE) => Error::argument(no_store(&text)),
            DataFusionError::ResourcesExhausted(text) => Error::Resources(not_enough_memory(&text)),
            other => Error::DataFusion(Box::new(other)),
        }
    }
}

impl From<datafusion::arrow::error::ArrowError> for Error {
    fn from(error: datafusion::arrow::error::ArrowError) -> Self {
        Error::from(DataFusionError::from(error))
    }
}

/// The nearest of `valid` to `name`, if any is near enough to be meant.
pub fn nearest<'a>(name: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let name = name.to_lowercase();
    let valid: Vec<&str> = valid.into_iter().collect();
    let near = valid
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(&name, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len().max(name.len()) / 3).max(1))
        .min_by_key(|(distance, _)| *distance);
    // `fees` for `fee_bps`: a word of the name is there, perhaps in the plural.
    let has_word = |candidate: &&&str| candidate.split('_').any(|word| word == name || format!("{word}s") == name);
    let near = near.map(|(_, candidate)| candidate);
    near.or_else(|| valid.iter().filter(|_| name.len() > 3).find(has_word)).map(|candidate| candidate.to_string())
}

/// The class and text of an error of ours inside a shared one, which cannot be moved out.
fn own_text(error: &DataFusionError) -> Option<(Class, String)> {
    match error {
        DataFusionError::External(inner) => inner.downcast_ref::<Error>().map(|e| (e.class(), e.to_string())),
        DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => own_text(inner),
        DataFusionError::Shared(inner) => own_text(inner),
        _ => None,
    }
}

fn class_of(error: &DataFusionError) -> Class {
    match error {
        DataFusionError::SQL(..)
        | DataFusionError::Plan(_)
        | DataFusionError::SchemaError(..)
        | DataFusionError::NotImplemented(_)
        | DataFusionError::Configuration(_) => Class::User,
        DataFusionError::Internal(_) => Class::Internal,
        DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => class_of(inner),
        DataFusionError::Shared(inner) => class_of(inner),
        DataFusionError::Collection(all) => all.first().map_or(Class::Execution, class_of),
        _ => Class::Execution,
    }
}

/// DataFusion's text without its prefixes, back traces and advice for its own developers.
fn plain_message(error: &DataFusionError) -> String {
    match error {
        DataFusionError::Plan(text) => first_part(text),
        DataFusionError::Execution(text) => first_part(text),
        DataFusionError::NotImplemented(text) => format!("not supported: {}", first_part(text)),
        DataFusionError::Configuration(text) => first_part(text),
        DataFusionError::ArrowError(inner, _) => match inner.as_ref() {
            ArrowError::CastError(text) | ArrowError::ComputeError(text) | ArrowError::InvalidArgumentError(text) => {
                first_part(text)
            }
            other => other.to_string(),
        },
        DataFusionError::SQL(inner, _) => format!("syntax error: {}", strip_prefix(&inner.to_string())),
        DataFusionError::SchemaError(inner, _) => match inner.as_ref() {
            SchemaError::FieldNotFound { field, valid_fields } => {
                let valid: Vec<String> = valid_fields.iter().map(|c| c.name().to_string()).collect();
                Error::unknown("column", field.name(), String::new(), valid.iter().map(String::as_str)).to_string()
            }
            other => other.to_string(),
        },
        DataFusionError::Context(_, inner) | DataFusionError::Diagnostic(_, inner) => plain_message(inner),
        DataFusionError::Shared(inner) => plain_message(inner),
        DataFusionError::Collection(all) if !all.is_empty() => plain_message(&all[0]),
        other => first_part(&other.to_string()),
    }
}

fn strip_prefix(text: &str) -> &str {
    text.trim_start_matches("sql parser error: ").trim_start_matches("ParserError(").trim_matches(['"', ')'])
}

fn first_part(text: &str) -> String {
    let text = text.split("\n\nbacktrace:").next().unwrap_or(text).trim();
    wrong_types(text)
        .or_else(|| no_arguments(text))
        .or_else(|| unknown_argument(text))
        .or_else(|| unknown_function(text))
        .or_else(|| unknown_table(text))
        .or_else(|| unknown_format(text))
        .unwrap_or_else(|| text.to_string())
}

/// "sharpe() needs arguments; the call is sharpe(ret: Float64)" out of DataFusion's longer text.
fn no_arguments(text: &str) -> Option<String> {
    let (name, _) = text.strip_prefix('\'')?.split_once("' does not support zero arguments")?;
    let call = text.lines().last()?.trim();
    Some(format!("{name}() needs arguments; the call is {call}"))
}

/// "unknown argument `perid`; did you mean `period`?" out of DataFusion's list of valid names.
fn unknown_argument(text: &str) -> Option<String> {
    let (name, rest) = text.strip_prefix("Unknown parameter name '")?.split_once("'. Valid parameters are: [")?;
    Some(Error::unknown("argument", name, String::new(), rest.trim_end_matches(']').split(", ")).to_string())
}

/// Window functions of SQL that are nothing without `OVER`.
const ONLY_OVER: &[&str] = &["cume_dist", "dense_rank", "lag", "lead", "ntile", "percent_rank", "rank", "row_number"];

/// "unknown function `smaa`; did you mean `sma`?": DataFusion suggests, but it weighs all functions alike.
fn unknown_function(text: &str) -> Option<String> {
    let (name, rest) = text.strip_prefix("Invalid function '")?.split_once('\'')?;
    let name = name.trim_start_matches("__");
    if ONLY_OVER.contains(&name) {
        let instead = if name == "lag" { "; previous(x, periods) does without" } else { "" };
        return Some(format!("{name}() is a window function and needs OVER (ORDER BY ts){instead}"));
    }
    let ours = INDICATORS.iter().map(|d| d.name).chain(METRICS.iter().map(|m| m.name));
    let theirs = rest.split_once("Did you mean '").and_then(|(_, name)| name.split_once('\'')).map(|(name, _)| name);
    let hint = nearest(name, ours).or_else(|| nearest(name, theirs)).map(|n| format!("; did you mean `{n}`?"));
    Some(format!("unknown function `{name}`{}", hint.unwrap_or_default()))
}

/// "unknown table `x`" out of DataFusion's name of it in its own catalog.
fn unknown_table(text: &str) -> Option<String> {
    let name = text.strip_prefix("table 'datafusion.public.")?.strip_suffix("' not found")?;
    Some(format!("unknown table `{name}`; `ohlcv` holds every bar, `bars('SYMBOL', '1h')` one series"))
}

/// "unknown file format `tsv`" with those that there are.
fn unknown_format(text: &str) -> Option<String> {
    let name = text.strip_prefix("There is no registered file format with ext ")?;
    Some(Error::unknown("file format", name, String::new(), FILE_FORMATS.iter().copied()).to_string())
}

/// How DataFusion begins to say that a URL leads to a place that it cannot reach.
const NO_STORE: &str = "No suitable object store found for ";

fn no_store(text: &str) -> String {
    let url = text.trim_start_matches(NO_STORE).split(". See").next().unwrap_or_default();
    format!("cannot reach {url}: only files of this machine are read and written")
}

/// One sentence out of DataFusion's list of memory consumers.
fn not_enough_memory(text: &str) -> String {
    let between = |from: &str, to: &str| Some(text.split(from).nth(1)?.split(to).next()?.trim().to_string());
    let what = between("Failed to allocate additional ", " with ");
    let left = between(" - ", " remain available");
    let limit = between("pool_size: ", ")");
    match (what, left, limit) {
        (Some(what), Some(left), Some(limit)) => {
            format!(
                "not enough memory: {what} are needed, {left} are left of the limit of {limit}; raise the limit or select less"
            )
        }
        _ => format!("not enough memory: {}; raise the limit or select less", text.lines().last().unwrap_or(text)),
    }
}

/// "rsi() does not take (Utf8); the call is rsi(x: Float64, period: Int64)" out of DataFusion's longer text.
fn wrong_types(text: &str) -> Option<String> {
    let name = text.split("satisfy a call to '").nth(1)?.split('\'').next()?;
    let name = name.trim_start_matches("__");
    let given = text.split("the given name and argument types '").nth(1)?.split('\'').next()?;
    let given = given.split_once('(')?.1.trim_end_matches(')');
    let call = text.lines().last()?.trim().trim_start_matches("__");
    Some(format!("{name}() does not take ({given}); the call is {call}"))
}

struct Place<'a>(&'a str);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, " of {}", self.0) }
    }
}

struct Source<'a>(&'a Option<PathBuf>);

impl fmt::Display for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(path) => write!(f, "{}: ", path.display()),
            None => Ok(()),
        }
    }
}

struct IoReason<'a>(&'a std::io::Error);

impl fmt::Display for IoReason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.kind() {
            std::io::ErrorKind::NotFound => f.write_str("no such file or directory"),
            std::io::ErrorKind::PermissionDenied => f.write_str("permission denied"),
            std::io::ErrorKind::StorageFull => f.write_str("the disk is full; nothing was changed"),
            _ => write!(f, "{}", self.0),
        }
    }
}

struct Hint<'a> {
    suggestion: &'a Option<String>,
    allowed: &'a [String],
}

impl fmt::Display for Hint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 24;
        match self.suggestion {
            Some(near) => write!(f, "; did you mean `{near}`?"),
            None if self.allowed.is_empty() => Ok(()),
            None => {
                let shown = self.allowed.iter().take(MOST).cloned().collect::<Vec<_>>().join(", ");
                let more = self.allowed.len().saturating_sub(MOST);
                write!(f, "; known: {shown}")?;
                if more > 0 { write!(f, " and {more} more") } else { Ok(()) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_suggests_the_nearest() {
        let error = Error::unknown("parameter", "bb_perid", "strategy `bb_atr`", ["bb_period", "entry_z"]);
        assert_eq!(error.to_string(), "unknown parameter `bb_perid` of strategy `bb_atr`; did you mean `bb_period`?");
        assert_eq!((error.code(), error.class()), ("T101", Class::User));
    }

    #[test]
    fn an_unknown_name_with_nothing_near_lists_what_is_allowed() {
        let error = Error::unknown("preset", "zz", "", ["default", "threadx_py"]);
        assert_eq!(error.to_string(), "unknown preset `zz`; known: default, threadx_py");
    }

    #[test]
    fn errors_survive_a_round_trip_through_datafusion() {
        let error = Error::from(DataFusionError::from(Error::argument("x")).context("while planning"));
        assert!(matches!(error, Error::InvalidArgument(text) if text == "x"));
    }
}
