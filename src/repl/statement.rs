//! Runs one statement: in a task of its own, so that Ctrl-C and the progress bar are served while it computes.

use std::pin::pin;

use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Fields, SchemaRef, UInt64Type};
use datafusion::logical_expr::LogicalPlan;
use futures::StreamExt;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::engine::config::Settings;
use crate::error::{Error, Result};
use crate::repl::interrupt::interrupted;
use crate::repl::kept::Kept;
use crate::repl::output::Output;
use crate::repl::progress::{Line, TICK};
use crate::repl::render::{Format, Renderer, Style};
use crate::session::Engine;

/// What a statement did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Gave a result of so many rows.
    Rows(usize),
    /// Gave rows until the reader left the pager.
    Left(usize),
    /// Wrote so many rows.
    Written(u64),
    /// Changed something that has no rows.
    Changed,
}

/// What the task sends.
enum Part {
    Begin(SchemaRef, Shape, Vec<usize>),
    Batch(RecordBatch),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Result,
    Count,
    Nothing,
}

impl Shape {
    fn of(plan: &LogicalPlan) -> Self {
        match plan {
            LogicalPlan::Dml(_) | LogicalPlan::Copy(_) => Shape::Count,
            LogicalPlan::Ddl(_) | LogicalPlan::Statement(_) => Shape::Nothing,
            plan if plan.schema().fields().is_empty() => Shape::Nothing,
            _ => Shape::Result,
        }
    }
}

/// Where a result goes and how it looks there.
pub struct Sink<'a> {
    /// Its format.
    pub format: Format,
    /// What the place allows.
    pub style: Style,
    /// The place.
    pub output: &'a mut Output,
    /// Keeps it for charts.
    pub kept: &'a mut Kept,
}

/// Runs a statement and writes its result. Ctrl-C drops it and gives [`Error::Cancelled`].
pub async fn run(engine: &Engine, sql: &str, sink: Sink<'_>) -> Result<Done> {
    let (sender, mut parts) = channel(2);
    let task = tokio::spawn(produce(engine.clone(), sql.to_string(), sender));
    let mut writer = Writer { sink, renderer: None, shape: Shape::Nothing, rows: 0 };
    let consumed = consume(engine, &mut parts, &mut writer).await;
    if consumed.is_err() {
        task.abort();
        // What computes without a pause ends later, and nobody waits for it.
        engine.progress().finish();
        return consumed.map(|()| Done::Changed);
    }
    if writer.sink.output.is_left() {
        task.abort();
        engine.progress().finish();
        return Ok(Done::Left(writer.rows as usize));
    }
    match task.await {
        Ok(result) => result?,
        Err(fault) => return Err(Error::Internal(format!("a statement ended in a panic: {fault}"))),
    }
    writer.finish()
}

async fn produce(engine: Engine, sql: String, parts: Sender<Part>) -> Result<()> {
    let frame = engine.sql(&sql).await?;
    let shape = Shape::of(frame.logical_plan());
    let sorted_by = sort_columns(frame.logical_plan());
    let mut stream = frame.execute_stream().await?;
    let mut is_open = parts.send(Part::Begin(stream.schema(), shape, sorted_by)).await.is_ok();
    while is_open && let Some(batch) = stream.next().await {
        is_open = parts.send(Part::Batch(batch?)).await.is_ok();
    }
    Ok(())
}

/// Positions of the result columns that the outermost `ORDER BY` names: what the reader wants to see.
fn sort_columns(plan: &LogicalPlan) -> Vec<usize> {
    let sort = match plan {
        LogicalPlan::Sort(sort) => sort,
        LogicalPlan::Limit(limit) => return sort_columns(&limit.input),
        LogicalPlan::Projection(projection) => return sort_columns_of(&projection.input, projection.schema.fields()),
        _ => return vec![],
    };
    sort_columns_of(&LogicalPlan::Sort(sort.clone()), sort.input.schema().fields())
}

fn sort_columns_of(plan: &LogicalPlan, shown: &Fields) -> Vec<usize> {
    let LogicalPlan::Sort(sort) = plan else { return vec![] };
    let names = sort.expr.iter().filter_map(|e| e.expr.try_as_col()).map(|column| column.name.as_str());
    names.filter_map(|name| shown.iter().position(|field| field.name() == name)).collect()
}

/// Writes until the sender is gone.
async fn consume(engine: &Engine, parts: &mut Receiver<Part>, writer: &mut Writer<'_>) -> Result<()> {
    let mut line = Line::new(shows_progress(engine));
    let mut tick = tokio::time::interval(TICK);
    // One for the whole statement, so that a Ctrl-C between two parts is not lost.
    let mut interrupt = pin!(interrupted());
    loop {
        tokio::select! {
            biased;
            signal = &mut interrupt => {
                return Err(signal.map_or_else(|e| e, |()| Error::Cancelled));
            }
            part = parts.recv() => match part {
                Some(part) => {
                    if writer.sink.output.is_terminal() {
                        line.clear();
                    }
                    writer.part(part)?;
                    if writer.sink.output.is_left() {
                        return Ok(());
                    }
                }
                None => return Ok(()),
            },
            _ = tick.tick() => {
                if !writer.sink.output.is_paged() {
                    line.draw(engine.progress().snapshot().as_ref());
                }
            }
        }
    }
}

/// Whether a bar is wanted.
pub(super) fn shows_progress(engine: &Engine) -> bool {
    let state = engine.context().state();
    state.config_options().extensions.get::<Settings>().is_none_or(|settings| settings.progress)
}

/// Renders the parts of one result into the output.
struct Writer<'a> {
    sink: Sink<'a>,
    renderer: Option<Box<dyn Renderer>>,
    shape: Shape,
    rows: u64,
}

impl Writer<'_> {
    fn part(&mut self, part: Part) -> Result<()> {
        match part {
            Part::Begin(schema, shape, sorted_by) => {
                self.shape = shape;
                if shape == Shape::Result {
                    let Sink { format, style, output, kept } = &mut self.sink;
                    kept.begin();
                    output.begin(*format)?;
                    self.renderer = Some(format.renderer(schema, Style { pinned: sorted_by, ..style.clone() })?);
                }
                Ok(())
            }
            Part::Batch(batch) => match &mut self.renderer {
                Some(renderer) => {
                    self.rows += batch.num_rows() as u64;
                    self.sink.kept.add(&batch);
                    let mut bytes = vec![];
                    renderer.batch(&batch, &mut bytes)?;
                    self.write(&bytes)
                }
                None => {
                    self.rows += count(&batch)?;
                    Ok(())
                }
            },
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        if bytes.is_empty() { Ok(()) } else { self.sink.output.write(bytes) }
    }

    fn finish(mut self) -> Result<Done> {
        if let Some(mut renderer) = self.renderer.take() {
            let mut bytes = vec![];
            renderer.finish(&mut bytes)?;
            self.write(&bytes)?;
            self.sink.kept.end();
        }
        Ok(match self.shape {
            Shape::Result => Done::Rows(self.rows as usize),
            Shape::Count => Done::Written(self.rows),
            Shape::Nothing => Done::Changed,
        })
    }
}

/// The sum of the one column `count` that `INSERT` and `COPY` give.
fn count(batch: &RecordBatch) -> Result<u64> {
    if batch.num_columns() != 1 {
        return Ok(0);
    }
    let counts = cast(batch.column(0), &DataType::UInt64)?;
    Ok(counts.as_primitive::<UInt64Type>().iter().flatten().sum())
}
