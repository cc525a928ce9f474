//! Runs `tests/slt/**/*.slt`: SQL with the exact answers and the exact error texts of this engine.
//!
//! Every file has a session of its own over an empty data directory, which SQL reaches as `${DATA}`. A file whose first
//! line is `# requires shared data` runs over the market data beside the repository, and is skipped where that is absent.
//! `SLT=indicator/rsi cargo test --test it slt` runs the files whose path contains the word; `UPDATE_SLT=1` writes the
//! answers of the engine into the files, to be read in the diff.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_trait::async_trait;
use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use futures::StreamExt;
use sqllogictest::{AsyncDB, ColumnType, DBOutput, ExpectedError, QueryExpect, Record, Runner, StatementExpect};
use threadx::Engine;

use crate::support::{repository, shared_data};

const NEEDS_SHARED_DATA: &str = "# requires shared data";

#[tokio::test(flavor = "multi_thread")]
async fn slt_files_give_their_answers() {
    let wanted = std::env::var("SLT").unwrap_or_default();
    let update = std::env::var_os("UPDATE_SLT").is_some();
    let root = repository().join("tests/slt");
    let files: Vec<PathBuf> = files_below(&root, "slt").into_iter().filter(|f| name(f).contains(&wanted)).collect();
    assert!(!files.is_empty(), "no .slt file below {} has `{wanted}` in its path", root.display());
    let at_once = if update { 1 } else { 4 };
    let results: Vec<(PathBuf, Result<(), String>)> = futures::stream::iter(files)
        .map(|file| async move {
            let path = file.clone();
            let task = tokio::spawn(async move { run_file(&path, update).await });
            (file, task.await.unwrap_or_else(|panic| Err(panic.to_string())))
        })
        .buffered(at_once)
        .collect()
        .await;
    let failures: Vec<String> =
        results.iter().filter_map(|(file, r)| r.as_ref().err().map(|e| format!("{}:\n{e}", name(file)))).collect();
    assert!(failures.is_empty(), "{} of {} files failed\n\n{}", failures.len(), results.len(), failures.join("\n\n"));
}

fn name(file: &Path) -> String {
    let root = repository().join("tests/slt");
    file.strip_prefix(&root).unwrap_or(file).with_extension("").display().to_string()
}

/// Every file below a directory with this extension, sorted.
pub fn files_below(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(directory).unwrap_or_else(|e| panic!("{}: {e}", directory.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

async fn run_file(file: &Path, update: bool) -> Result<(), String> {
    let text = fs::read_to_string(file).map_err(|e| e.to_string())?;
    let shared = match text.starts_with(NEEDS_SHARED_DATA) {
        false => None,
        true => match shared_data() {
            Some(shared) => Some(shared.join("ohlcv")),
            None => {
                println!("skipped {}: there is no market data beside the repository", name(file));
                return Ok(());
            }
        },
    };
    if update {
        write_answers(file, shared.as_deref()).await?;
    }
    let inexact = inexact_errors(file)?;
    if !inexact.is_empty() {
        return Err(format!("write the whole message of an error under `----`, at lines {inexact:?}"));
    }
    let scratch = tempfile::tempdir().map_err(|e| e.to_string())?;
    let data = shared.as_deref().unwrap_or(scratch.path());
    let mut runner = Runner::new(|| Session::open(data));
    runner.with_column_validator(sqllogictest::strict_column_validator);
    let result = runner.run_file_async(file).await.map_err(|e| e.display(false).to_string());
    runner.shutdown_async().await;
    result
}

/// Writes the engine's answers into a file.
async fn write_answers(file: &Path, shared: Option<&Path>) -> Result<(), String> {
    let scratch = tempfile::tempdir().map_err(|e| e.to_string())?;
    let data = shared.unwrap_or(scratch.path());
    let mut runner = Runner::new(|| Session::open(data));
    let (rows, cells) = (sqllogictest::default_validator, sqllogictest::default_normalizer);
    let types = sqllogictest::strict_column_validator;
    runner.update_test_file(file, " ", rows, cells, types).await.map_err(|e| e.to_string())
}

/// Lines of records that expect an error without its exact text.
fn inexact_errors(file: &Path) -> Result<Vec<u32>, String> {
    let records = sqllogictest::parse_file::<Column>(file).map_err(|e| e.to_string())?;
    Ok(records
        .iter()
        .filter_map(|record| match record {
            Record::Statement { loc, expected: StatementExpect::Error(error), .. }
            | Record::Query { loc, expected: QueryExpect::Error(error), .. } => {
                (!matches!(error, ExpectedError::Multiline(_))).then(|| loc.line())
            }
            _ => None,
        })
        .collect())
}

/// Runs one `.slt` file or part of one against an engine that is open already, for tests that need its data.
pub async fn run_part(engine: &Engine, data: &Path, part: &str) {
    let session = || {
        let (engine, data) = (engine.clone(), data.display().to_string());
        async move { Ok::<_, Failure>(Session { engine, data }) }
    };
    let mut runner = Runner::new(session);
    let file = repository().join("tests/slt").join(part);
    if let Err(error) = runner.run_file_async(&file).await {
        panic!("{}", error.display(false));
    }
}

/// One session of the engine as the runner sees it.
struct Session {
    engine: Engine,
    data: String,
}

impl Session {
    async fn open(data: &Path) -> Result<Self, Failure> {
        let builder = Engine::builder().data_dir(data).setting("datafusion.execution.target_partitions", "4");
        let engine = builder.build().map_err(|error| Failure(error.to_string()))?;
        Ok(Session { engine, data: data.display().to_string() })
    }

    async fn rows(&self, sql: &str) -> threadx::Result<DBOutput<Column>> {
        let frame = self.engine.sql(&sql.replace("${DATA}", &self.data)).await?;
        let schema = frame.schema().inner().clone();
        let batches = frame.collect().await?;
        if schema.fields().is_empty() {
            return Ok(DBOutput::StatementComplete(0));
        }
        let types: Vec<Column> = schema.fields().iter().map(|f| Column::of(f.data_type())).collect();
        let mut rows = vec![];
        for batch in batches {
            let columns = batch.columns().iter().map(cells).collect::<threadx::Result<Vec<_>>>()?;
            for row in 0..batch.num_rows() {
                rows.extend(lines(columns.iter().map(|c| c[row].replace(&self.data, "${DATA}")).collect()));
            }
        }
        Ok(DBOutput::Rows { types, rows })
    }
}

/// The text of every value: floating-point numbers with as many digits as tell them from every other number.
fn cells(array: &ArrayRef) -> threadx::Result<Vec<String>> {
    if let Some(numbers) = array.as_primitive_opt::<Float64Type>() {
        return Ok(numbers.iter().map(|v| v.map_or("NULL".into(), |v| format!("{v:?}"))).collect());
    }
    let options = FormatOptions::default().with_null("NULL");
    let formatter = ArrayFormatter::try_new(array, &options)?;
    let text = |row| match formatter.value(row).to_string() {
        text if text.is_empty() => "(empty)".to_string(),
        text => text,
    };
    Ok((0..array.len()).map(text).collect())
}

/// One line per line of the last cell, numbered and indented with dashes, so that a plan can be compared line by line.
fn lines(row: Vec<String>) -> Vec<Vec<String>> {
    let Some((last, rest)) = row.split_last() else { return vec![row] };
    if !last.trim_end().contains('\n') {
        return vec![row];
    }
    let mut rows = if rest.is_empty() { vec![] } else { vec![rest.to_vec()] };
    rows.extend(last.trim_end().lines().enumerate().map(|(index, line)| {
        let text = line.trim_start();
        vec![format!("{:02}){}{text}", index + 1, "-".repeat(line.len() - text.len()))]
    }));
    rows
}

/// The text of an error, the data directory replaced.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Failure(String);

#[async_trait]
impl AsyncDB for Session {
    type Error = Failure;
    type ColumnType = Column;

    async fn run(&mut self, sql: &str) -> Result<DBOutput<Column>, Failure> {
        self.rows(sql).await.map_err(|error| Failure(error.to_string().replace(&self.data, "${DATA}")))
    }

    async fn shutdown(&mut self) {}

    fn engine_name(&self) -> &str {
        "threadx"
    }

    async fn sleep(duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// Type of a column, one letter in the test files.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Column {
    Bool,
    Int,
    Real,
    Text,
    Time,
    Other,
}

impl Column {
    fn of(data_type: &DataType) -> Self {
        match data_type {
            DataType::Boolean => Column::Bool,
            other if other.is_integer() => Column::Int,
            DataType::Float64 => Column::Real,
            DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8 => Column::Text,
            DataType::Timestamp(..) => Column::Time,
            _ => Column::Other,
        }
    }
}

impl ColumnType for Column {
    fn from_char(value: char) -> Option<Self> {
        Some(match value {
            'B' => Column::Bool,
            'I' => Column::Int,
            'R' => Column::Real,
            'T' => Column::Text,
            'P' => Column::Time,
            '?' => Column::Other,
            _ => return None,
        })
    }

    fn to_char(&self) -> char {
        match self {
            Column::Bool => 'B',
            Column::Int => 'I',
            Column::Real => 'R',
            Column::Text => 'T',
            Column::Time => 'P',
            Column::Other => '?',
        }
    }
}
