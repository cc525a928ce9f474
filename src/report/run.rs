//! Runs a report: every statement in order, and what its directives make of the result.

use std::collections::HashMap;
use std::hash::Hasher;
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, RecordBatch};
use datafusion::arrow::compute::{cast, concat_batches};
use datafusion::arrow::datatypes::{DataType, SchemaRef, UInt64Type};
use siphasher::sip128::{Hasher128, SipHasher13};

use super::assert::{self, Checked};
use super::content::{Block, Origin, Parameter, Part, Report, SeriesOrigin, Shown, Table};
use super::directive::{self, Document, Item, Statement};
use super::fault::{Fault, Result};
use super::format::ColumnFormat;
use super::guard::{self, Admitted, Limits};
use super::parameter::Parameters;
use super::view::{ChartView, View};
use crate::chart::choose;
use crate::engine::timeframe::format_ts;
use crate::engine::workspace::Access;
use crate::error::Error;
use crate::session::Engine;

/// Settings that change how fast a report is made, but not what it says.
const UNTOLD_SETTINGS: &[&str] = &["bank_bytes", "cache_bytes", "progress", "threads"];

/// What is run, and how.
#[derive(Debug)]
pub struct Job {
    /// Name of the report file.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Values of parameters.
    pub given: Vec<(String, String)>,
    /// Where `COPY` may write; without it nowhere.
    pub folder: Option<PathBuf>,
    /// Whether statements may change the data directory.
    pub access: Access,
    /// When the report is made, to be told in it.
    pub made: Option<String>,
}

/// Runs a report over the store of an engine, in a session of its own.
///
/// # Errors
/// A file that is no report, a parameter that is missing or wrong, a statement that fails or must not run, and claims that
/// do not hold, all of which are named.
pub async fn run(engine: &Engine, job: Job) -> Result<Report> {
    let document = directive::parse(&job.text)?;
    let parameters = Parameters::resolve(&document.parameters, &job.given)?;
    let engine = engine.isolated(job.access)?;
    parameters.check(&document.parameters, &engine).await?;
    let mut runner = Runner {
        engine,
        parameters,
        folder: job.folder.clone(),
        is_stamped: job.made.is_some(),
        parts: vec![],
        checks: vec![],
    };
    let mut ended = Ok(());
    for item in &document.items {
        ended = runner.item(item).await;
        if ended.is_err() {
            break;
        }
    }
    let failed: Vec<&Checked> = runner.checks.iter().filter(|check| check.failure.is_some()).collect();
    // What a report claims is what it relies on: a statement that fails afterwards is no news.
    if let Some(first) = failed.first() {
        return Err(Fault::at(first.line, format!("-- @assert {}", first.claim), assert::refusal(&failed)));
    }
    ended?;
    runner.report(&document, &job).await
}

struct Runner {
    engine: Engine,
    parameters: Parameters,
    folder: Option<PathBuf>,
    is_stamped: bool,
    parts: Vec<Part>,
    checks: Vec<Checked>,
}

/// The rows of a statement as one batch.
struct Rows {
    batch: RecordBatch,
}

impl Runner {
    fn limits(&self) -> Limits<'_> {
        Limits { folder: self.folder.as_deref(), is_stamped: self.is_stamped }
    }

    async fn item(&mut self, item: &Item) -> Result<()> {
        match item {
            Item::Section(text) => self.parts.push(Part::Section(self.parameters.fill(text))),
            Item::Text(text) => self.parts.push(Part::Text(self.parameters.fill(text))),
            Item::Statement(statement) => {
                let sql = self.parameters.substitute(statement.line, &statement.sql)?;
                let shown = self.statement(statement, &sql).await?;
                if !shown.is_empty() {
                    self.parts.push(Part::Block(Block { sql, shown }));
                }
            }
        }
        Ok(())
    }

    /// Runs a statement and gives what is shown of it.
    async fn statement(&mut self, statement: &Statement, sql: &str) -> Result<Vec<Shown>> {
        let at = |error: Error| Fault::at(statement.line, &statement.sql, error);
        let admitted = guard::admit(&self.engine, sql, self.limits()).await.map_err(at)?;
        let frame = match admitted {
            Admitted::Direct => self.engine.sql(sql).await.map_err(at)?,
            Admitted::Plan(plan) => {
                self.engine.context().execute_logical_plan(*plan).await.map_err(|e| at(e.into()))?
            }
            Admitted::File(plan, name) => {
                if !statement.views.is_empty() || statement.assertion.is_some() {
                    return Err(at(Error::argument(
                        "COPY gives a file and no rows to show; remove the directives above it",
                    )));
                }
                let frame = self.engine.context().execute_logical_plan(*plan).await.map_err(|e| at(e.into()))?;
                let counts = frame.collect().await.map_err(|e| at(e.into()))?;
                return Ok(vec![Shown::File { name, rows: count(&counts).map_err(at)? }]);
            }
        };
        let schema: SchemaRef = Arc::new(frame.schema().as_arrow().clone());
        // Statements without a result run when they are collected.
        let batches = frame.collect().await.map_err(|e| at(e.into()))?;
        if schema.fields().is_empty() {
            return match statement.views.is_empty() && statement.assertion.is_none() {
                true => Ok(vec![]),
                false => {
                    Err(at(Error::argument("this statement gives no rows to show; remove the directives above it")))
                }
            };
        }
        let schema = batches.first().map_or(schema, |batch| batch.schema());
        let rows = Rows { batch: concat_batches(&schema, &batches).map_err(|e| at(e.into()))? };
        if statement.is_hidden {
            return Ok(vec![]);
        }
        self.show(statement, &rows)
    }

    fn show(&mut self, statement: &Statement, rows: &Rows) -> Result<Vec<Shown>> {
        let mut shown = vec![];
        let formats = formats(statement, rows)?;
        if let Some(assertion) = &statement.assertion {
            let failure = assert::failure(&rows.batch).map_err(|e| Fault::at(statement.line, &statement.sql, e))?;
            let check = Checked { line: assertion.line, claim: self.parameters.fill(&assertion.claim), failure };
            self.checks.push(check.clone());
            shown.push(Shown::Check(check));
        }
        let whole = [View::plain_table()];
        let views = match (statement.views.is_empty(), &statement.assertion) {
            (true, None) => &whole[..],
            _ => &statement.views[..],
        };
        for view in views {
            shown.push(match view {
                View::Figures { title } => self.figures(statement, rows, &formats, title)?,
                View::Table { title, rows: most } => {
                    let title = self.parameters.fill(title);
                    let at = |error| Fault::at(statement.line, &statement.sql, error);
                    Shown::Table(table(title, rows, &formats, *most).map_err(at)?)
                }
                View::Chart(view) => self.chart(view, rows)?,
            });
        }
        Ok(shown)
    }

    fn figures(&self, statement: &Statement, rows: &Rows, formats: &[ColumnFormat], title: &str) -> Result<Shown> {
        let title = self.parameters.fill(title);
        if rows.batch.num_rows() == 0 {
            return Ok(Shown::Nothing { title, reason: "The query gave no rows.".into() });
        }
        let first = Rows { batch: rows.batch.slice(0, 1) };
        let at = |error| Fault::at(statement.line, &statement.sql, error);
        let table = table(String::new(), &first, formats, 1).map_err(at)?;
        let cells = table.rows.into_iter().next().unwrap_or_default();
        let figures = table.columns.into_iter().map(|(name, _)| name).zip(cells).collect();
        Ok(Shown::Figures { title, figures })
    }

    fn chart(&self, view: &ChartView, rows: &Rows) -> Result<Shown> {
        let mut request = view.request.clone();
        let words = [&mut request.title, &mut request.x, &mut request.value, &mut request.color];
        for word in words.into_iter().flatten().chain(&mut request.y) {
            *word = self.parameters.fill(word);
        }
        let title = request.title.clone().unwrap_or_default();
        if rows.batch.num_rows() == 0 {
            return Ok(Shown::Nothing { title, reason: "The query gave no rows to draw.".into() });
        }
        if let Some(name) = request.y.iter().chain(&request.value).find(|name| rows.is_null_throughout(name)) {
            return Ok(Shown::Nothing { title, reason: format!("Every value of {name} is missing.") });
        }
        match choose::choose(std::slice::from_ref(&rows.batch), &request) {
            Ok(chart) => Ok(Shown::Chart(Box::new(chart))),
            Err(error) => Err(Fault::at(view.line, "-- @chart", error)),
        }
    }

    /// The finished report.
    async fn report(self, document: &Document, job: &Job) -> Result<Report> {
        let parameters: Vec<Parameter> = document
            .parameters
            .iter()
            .map(|declared| Parameter {
                name: declared.name.clone(),
                value: self.parameters.text(&declared.name).unwrap_or_default().to_string(),
                description: declared.description.clone(),
            })
            .collect();
        let title = match &document.title {
            Some(title) => self.parameters.fill(title),
            None => job.name.clone(),
        };
        let series = self.series().await?;
        let settings = self.settings().await?;
        let version = env!("CARGO_PKG_VERSION").to_string();
        let mut origin =
            Origin { file: job.name.clone(), version, series, settings, id: String::new(), made: job.made.clone() };
        origin.id = id(&job.text, &parameters, &origin);
        Ok(Report { title, parts: self.parts, parameters, checks: self.checks, origin })
    }

    /// The series that were read, with their content hashes.
    async fn series(&self) -> Result<Vec<SeriesOrigin>> {
        let workspace = Arc::clone(self.engine.workspace());
        let read = move || -> crate::Result<Vec<SeriesOrigin>> {
            let mut list = vec![];
            for key in workspace.store.reads() {
                let series = workspace.store.load(&key)?;
                let (first, last) = (series.ts().first(), series.ts().last());
                list.push(SeriesOrigin {
                    name: key.to_string(),
                    bars: series.len(),
                    range: first.zip(last).map(|(first, last)| (format_ts(*first), format_ts(*last))),
                    fingerprint: format!("{:032x}", series.fingerprint()),
                });
            }
            Ok(list)
        };
        let list = tokio::task::spawn_blocking(read).await;
        Ok(list.map_err(|e| Error::Internal(format!("the hashing of series stopped: {e}")))??)
    }

    /// The settings that are not at their defaults.
    async fn settings(&self) -> Result<Vec<(String, String)>> {
        let sql = "SELECT name, value FROM settings() WHERE value IS NOT NULL ORDER BY name";
        let batches = self.engine.sql(sql).await?.collect().await.map_err(Error::from)?;
        let mut settings = vec![];
        for batch in &batches {
            let texts = |column: usize| cast(batch.column(column), &DataType::Utf8).map_err(Error::from);
            let (names, values) = (texts(0)?, texts(1)?);
            for (name, value) in
                names.as_string::<i32>().iter().zip(values.as_string::<i32>()).filter_map(|(n, v)| n.zip(v))
            {
                let name = name.trim_start_matches("threadx.");
                if !UNTOLD_SETTINGS.contains(&name) {
                    settings.push((name.to_string(), value.to_string()));
                }
            }
        }
        Ok(settings)
    }
}

impl Rows {
    fn column(&self, name: &str) -> Option<usize> {
        let schema = self.batch.schema();
        let exact = schema.fields().iter().position(|field| field.name() == name);
        exact.or_else(|| schema.fields().iter().position(|field| field.name().eq_ignore_ascii_case(name)))
    }

    fn is_null_throughout(&self, name: &str) -> bool {
        self.column(name).is_some_and(|column| self.batch.column(column).logical_null_count() == self.batch.num_rows())
    }
}

/// The format of each column: that of its `@format`, or the one that fits it.
fn formats(statement: &Statement, rows: &Rows) -> Result<Vec<ColumnFormat>> {
    let schema = rows.batch.schema();
    let mut chosen: HashMap<usize, ColumnFormat> = HashMap::new();
    for (line, name, format) in &statement.formats {
        let column = rows.column(name).ok_or_else(|| {
            let known = schema.fields().iter().map(|field| field.name().as_str());
            Fault::at(*line, format!("-- @format {name}"), Error::unknown("column", name, "the result", known))
        })?;
        chosen.insert(column, *format);
    }
    let columns = schema.fields().iter().zip(rows.batch.columns()).enumerate();
    Ok(columns
        .map(|(at, (field, array))| {
            chosen.get(&at).copied().unwrap_or_else(|| ColumnFormat::of_column(field.name(), array))
        })
        .collect())
}

fn table(title: String, rows: &Rows, formats: &[ColumnFormat], most: usize) -> crate::Result<Table> {
    let schema = rows.batch.schema();
    let total = rows.batch.num_rows();
    let shown = rows.batch.slice(0, total.min(most));
    let mut columns = vec![];
    let mut cells = vec![];
    for ((field, array), format) in schema.fields().iter().zip(shown.columns()).zip(formats) {
        columns.push((field.name().clone(), format.is_number()));
        cells.push(format.cells(field.name(), array)?.into_iter());
    }
    let rows = (0..shown.num_rows()).map(|_| cells.iter_mut().filter_map(Iterator::next).collect()).collect();
    Ok(Table { title, columns, rows, total })
}

/// The sum of the column that `COPY` gives.
fn count(batches: &[RecordBatch]) -> crate::Result<u64> {
    let mut sum = 0;
    for batch in batches.iter().filter(|batch| batch.num_columns() == 1) {
        let counts = cast(batch.column(0), &DataType::UInt64)?;
        sum += counts.as_primitive::<UInt64Type>().iter().flatten().sum::<u64>();
    }
    Ok(sum)
}

/// Hash of all that the content of a report follows from.
fn id(text: &str, parameters: &[Parameter], origin: &Origin) -> String {
    let mut hasher = SipHasher13::new();
    let mut take = |text: &str| {
        hasher.write(&(text.len() as u64).to_le_bytes());
        hasher.write(text.as_bytes());
    };
    take(text);
    take(&origin.version);
    parameters.iter().for_each(|parameter| [&parameter.name, &parameter.value].iter().for_each(|text| take(text)));
    origin.settings.iter().for_each(|(name, value)| [name, value].iter().for_each(|text| take(text)));
    origin.series.iter().for_each(|series| [&series.name, &series.fingerprint].iter().for_each(|text| take(text)));
    let hash = hasher.finish128();
    format!("{:016x}{:016x}", hash.h1, hash.h2)
}
