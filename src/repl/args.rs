//! The arguments of the program.

use std::path::PathBuf;

use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use super::render::Format;
use crate::engine::import::{DateOrder, ImportOptions, OnError, Stamps};
use crate::engine::timeframe::Timeframe;

const EXAMPLES: &str = "\
Examples:
  threadx                                                  a prompt over ./data
  threadx -c \"SELECT * FROM bars('BTCUSDC', '1h') LIMIT 5\"
  threadx -f sweep.sql --output best.parquet
  threadx import BTCUSDC_15m.csv --on-error skip --rejects bad.csv
  threadx report tearsheet --set symbol=BTCUSDC --out tearsheet.html
  threadx demo                                             see it work without data

Results go to the standard output, everything else to the standard error.
Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.";

/// ThreadX: SQL over price bars, with indicators, backtests and sweeps as functions.
#[derive(Debug, Parser)]
#[command(
    name = "threadx",
    version,
    after_help = EXAMPLES,
    disable_help_subcommand = true,
    args_conflicts_with_subcommands = false,
    subcommand_negates_reqs = true
)]
pub struct Arguments {
    /// What to do; without it, -c and -f are run, else a script from the standard input, else the prompt.
    #[command(subcommand)]
    pub command: Option<Action>,
    /// The session.
    #[command(flatten)]
    pub session: SessionArguments,
    /// Run these statements; may be repeated and mixed with -f, and runs in the order given.
    #[arg(short = 'c', long = "command", value_name = "SQL", id = "text")]
    text: Vec<String>,
    /// Run the statements of a file; `-` is the standard input.
    #[arg(short = 'f', long = "file", value_name = "FILE")]
    file: Vec<PathBuf>,
    /// table, csv, json, ndjson, markdown, vertical, parquet or arrow (by default as -o is named).
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    pub format: Option<Format>,
    /// Write results to this file, which appears when everything succeeded.
    #[arg(short = 'o', long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// What -c and -f ask for, in order.
    #[arg(skip)]
    pub sources: Vec<Source>,
}

/// What holds for every action.
#[derive(Debug, Args)]
pub struct SessionArguments {
    /// Directory of the bars; without it THREADX_DATA_DIR, else ./data.
    #[arg(long, value_name = "DIR", global = true)]
    pub data: Option<PathBuf>,
    /// The most memory that queries take together, such as 4GB or 512MiB.
    #[arg(long, value_name = "SIZE", global = true, value_parser = size)]
    pub memory_limit: Option<usize>,
    /// Threads to compute on; without it every core.
    #[arg(long, value_name = "N", global = true, value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub threads: Option<u32>,
    /// Change a setting, such as fee_bps=5, or a parameter of a report; may be repeated.
    #[arg(long, value_name = "NAME=VALUE", global = true, value_parser = assignment)]
    pub set: Vec<(String, String)>,
}

impl SessionArguments {
    /// The settings of `--set`, with their full names: a name without a dot is a setting of ours.
    pub fn settings(&self) -> Vec<(String, String)> {
        let full = |name: &str| if name.contains('.') { name.to_string() } else { format!("threadx.{name}") };
        self.set.iter().map(|(name, value)| (full(name), value.clone())).collect()
    }
}

/// Something else than running SQL.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Import files of bars into the store.
    Import(Box<ImportArguments>),
    /// Make bars, sweep a strategy over them and show the best run.
    Demo,
    /// Run a report: SQL whose comments say how its results are shown.
    Report(Box<ReportArguments>),
    /// Show help on a topic, function, indicator, metric or strategy.
    Help {
        /// What to show; without it, this program's arguments.
        topic: Option<String>,
    },
}

/// A report and where it goes. `--set NAME=VALUE` gives its parameters their values.
#[derive(Debug, Args)]
pub struct ReportArguments {
    /// A report file, or the name of a report that comes with ThreadX.
    #[arg(value_name = "FILE", required_unless_present = "list")]
    pub file: Option<PathBuf>,
    /// Write to this place: NAME.html, NAME.md, or FOLDER/ for both with the charts; without it Markdown to the standard output.
    #[arg(short = 'o', long, value_name = "PLACE")]
    pub out: Option<PathBuf>,
    /// Let the report change the data directory: INSERT INTO ohlcv, CREATE STRATEGY, checkpoints of sweeps.
    #[arg(long)]
    pub allow_writes: bool,
    /// Write into the report when it was made; without it the same input gives the same bytes.
    #[arg(long)]
    pub stamp: bool,
    /// List the reports that come with ThreadX and their parameters.
    #[arg(long, conflicts_with_all = ["file", "out"])]
    pub list: bool,
}

/// The files to import and what to do with them. What is not given is told by the files.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// CSV, JSON, Parquet or Arrow, plain, .gz or .zip.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Symbol of the bars.
    #[arg(long)]
    symbol: Option<String>,
    /// Timeframe of the bars, such as 15m.
    #[arg(long, value_parser = timeframe)]
    timeframe: Option<Timeframe>,
    /// At a row that cannot be taken: fail and change nothing, or skip it and count it.
    #[arg(long, value_name = "WHAT", default_value = "fail", value_parser = ["fail", "skip"])]
    on_error: String,
    /// Write skipped rows with their reasons to this CSV file.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Columns of a file without a header, in order, such as ts,open,high,low,close,volume; `-` skips one.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    columns: Option<Vec<String>>,
    /// Order of day and month in dates such as 3/4/2023.
    #[arg(long, value_name = "ORDER", value_parser = ["day-first", "month-first"])]
    date_order: Option<String>,
    /// Time zone of times that name none, such as America/New_York; UTC by default.
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    /// Whether the time of a bar is its open or its close.
    #[arg(long, value_name = "WHICH", default_value = "open", value_parser = ["open", "close"])]
    stamps: String,
    /// Divide prices by this: 10000 for equities of QuantConnect Lean.
    #[arg(long, value_name = "NUMBER")]
    scale: Option<f64>,
    /// Day, YYYY-MM-DD, of files whose times are milliseconds since midnight.
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
}

/// A part of the script that the arguments make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The text of -c.
    Text(String),
    /// The file of -f.
    File(PathBuf),
}

impl Arguments {
    /// Reads the program's arguments; the error is a message with usage, or the text of --help or --version.
    pub fn read(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Self, clap::Error> {
        let matches = Self::command().try_get_matches_from(arguments)?;
        let mut read = Self::from_arg_matches(&matches)?;
        read.sources = read.in_order(&matches);
        Ok(read)
    }

    /// -c and -f in the order in which they were written.
    fn in_order(&self, matches: &ArgMatches) -> Vec<Source> {
        let places = |id| matches.indices_of(id).into_iter().flatten();
        let texts = places("text").zip(self.text.iter().cloned().map(Source::Text));
        let files = places("file").zip(self.file.iter().cloned().map(Source::File));
        let mut sources: Vec<(usize, Source)> = texts.chain(files).collect();
        sources.sort_by_key(|(place, _)| *place);
        sources.into_iter().map(|(_, source)| source).collect()
    }
}

impl ImportArguments {
    /// The options of the import.
    pub fn options(self) -> ImportOptions {
        ImportOptions {
            symbol: self.symbol,
            timeframe: self.timeframe,
            on_error: if self.on_error == "skip" { OnError::Skip } else { OnError::Fail },
            rejects: self.rejects,
            columns: self.columns,
            date_order: self.date_order.map(|order| match order.as_str() {
                "day-first" => DateOrder::DayFirst,
                _ => DateOrder::MonthFirst,
            }),
            timezone: self.timezone,
            stamps: if self.stamps == "close" { Stamps::Close } else { Stamps::Open },
            scale: self.scale,
            date: self.date,
            ..ImportOptions::new(self.files)
        }
    }
}

fn format(text: &str) -> Result<Format, String> {
    Format::parse(text).map_err(|e| e.to_string())
}

fn timeframe(text: &str) -> Result<Timeframe, String> {
    Timeframe::parse(text).map_err(|e| e.to_string())
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.trim().to_string(), value.trim().to_string()))
}

/// `512MiB`, `4GB`, `1.5g` or a number of bytes. As in SI and IEC, MB is a million and MiB is 1024 squared.
fn size(text: &str) -> Result<usize, String> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..digits].parse().map_err(|_| "write a size such as 4GB or 512MiB".to_string())?;
    let unit = text[digits..].trim().to_lowercase();
    let scale: f64 = match unit.as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "t" | "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1024f64.powi(2),
        "gib" => 1024f64.powi(3),
        "tib" => 1024f64.powi(4),
        _ => return Err(format!("unknown unit `{unit}`; write a size such as 4GB or 512MiB")),
    };
    let bytes = number * scale;
    if bytes < 1e6 { Err("at least 1MB is needed".into()) } else { Ok(bytes as usize) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Arguments, clap::Error> {
        Arguments::read(std::iter::once("threadx").chain(arguments.iter().copied()).map(Into::into))
    }

    #[test]
    fn the_definition_is_valid() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn texts_and_files_keep_their_order() {
        let sources = read(&["-c", "a", "-f", "b.sql", "-c", "c"]).unwrap().sources;
        let text = |t: &str| Source::Text(t.into());
        assert_eq!(sources, [text("a"), Source::File("b.sql".into()), text("c")]);
    }

    #[test]
    fn settings_without_a_dot_are_ours() {
        let set = read(&["--set", "fee_bps=5", "--set", "datafusion.x.y=a=b"]).unwrap().session.settings();
        let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
        assert_eq!(set, [pair("threadx.fee_bps", "5"), pair("datafusion.x.y", "a=b")]);
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("4GB"), Ok(4_000_000_000));
        assert_eq!(size("512 MiB"), Ok(536_870_912));
        assert_eq!(size("1.5g"), Ok(1_500_000_000));
        assert!(size("4 apples").unwrap_err().contains("unknown unit `apples`"));
        assert!(size("12").is_err() && size("x").is_err());
    }

    #[test]
    fn session_arguments_may_follow_the_action() {
        let read = read(&["import", "a.csv", "--data", "d", "--on-error", "skip", "--columns", "ts,close"]).unwrap();
        assert_eq!(read.session.data, Some("d".into()));
        let Some(Action::Import(import)) = read.command else { panic!("an import") };
        let options = import.options();
        assert_eq!((options.on_error, options.columns.unwrap().len()), (OnError::Skip, 2));
    }
}
