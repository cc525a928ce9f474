//! From the columns of a result to a chart.
//!
//! Without a word from the user the columns decide, by the first rule that fits:
//!
//! | columns | chart |
//! |---|---|
//! | a time, `open`, `high`, `low`, `close` | candles, with trades and lines: see [`build::candles`] |
//! | a time, `equity` | equity, and `drawdown` below it |
//! | a time, numbers | line |
//! | two numbers of few values each that are no metrics, and another number | heatmap |
//! | a text of several values, a number | bars |
//! | two numbers | scatter |
//! | one number | histogram |

use datafusion::arrow::array::RecordBatch;
use threadx_kernels::metric::METRICS;

use super::build;
use super::model::{Chart, Kind};
use super::table::{Role, Table};
use crate::error::{Error, Result};

/// Most values of a parameter for which a heatmap is chosen.
const MOST_PARAMETER_VALUES: usize = 60;

/// What the user wants; what is left open follows from the columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Request {
    /// The kind of chart.
    pub kind: Option<Kind>,
    /// Column of the horizontal axis.
    pub x: Option<String>,
    /// Columns of the vertical axis; of a heatmap, its one second parameter.
    pub y: Vec<String>,
    /// Column that colours a heatmap.
    pub value: Option<String>,
    /// Column whose values each get a line, a colour of points or a bar of their own.
    pub color: Option<String>,
    /// Headline.
    pub title: Option<String>,
}

/// The chart of a result.
///
/// # Errors
///
/// Fails on a result without rows, on a column that does not exist or cannot be drawn in this place, and on a request that
/// the kind of chart has no use for.
pub fn choose(batches: &[RecordBatch], request: &Request) -> Result<Chart> {
    let table = Table::new(batches)?;
    let kind = request.kind.map_or_else(|| guess(&table, request), Ok)?;
    refuse_unused(kind, request)?;
    let mut chart = match kind {
        Kind::Bars => build::bars(&table, request),
        Kind::Candles => build::candles(&table, request),
        Kind::Equity => build::equity(&table, request),
        Kind::Heatmap => build::heatmap(&table, request),
        Kind::Histogram => build::histogram(&table, request),
        Kind::Line => build::line(&table, request),
        Kind::Scatter => build::scatter(&table, request),
    }?;
    if let Some(title) = &request.title {
        chart.title.clone_from(title);
    }
    Ok(chart)
}

/// The kind that the columns and the named axes suggest.
fn guess(table: &Table, request: &Request) -> Result<Kind> {
    if request.value.is_some() {
        return Ok(Kind::Heatmap);
    }
    let x = request.x.as_deref().map(|name| table.named(name)).transpose()?;
    let is_time = match x {
        Some(x) => table.role(x) == Role::Time,
        None => time(table)?.is_some(),
    };
    if is_time {
        return guess_over_time(table, request);
    }
    if let Some(x) = x {
        return Ok(match (table.role(x), request.y.is_empty()) {
            (Role::Number, true) if numbers(table)?.iter().all(|column| *column == x) => Kind::Histogram,
            (Role::Number, _) => Kind::Scatter,
            _ => Kind::Bars,
        });
    }
    if request.y.is_empty() && parameters(table)?.is_some() {
        return Ok(Kind::Heatmap);
    }
    let numbers = if request.y.is_empty() { numbers(table)?.len() } else { request.y.len() };
    match (name(table)?, numbers) {
        (_, 0) => Err(nothing(table)),
        (Some(_), _) => Ok(Kind::Bars),
        (None, 1) => Ok(Kind::Histogram),
        (None, _) => Ok(Kind::Scatter),
    }
}

fn guess_over_time(table: &Table, request: &Request) -> Result<Kind> {
    let holds = |name| table.find_as(name, Role::Number).is_some();
    let asks_only = |name: &str| request.y.iter().all(|y| y.eq_ignore_ascii_case(name));
    if request.y.is_empty() && request.color.is_none() && build::PRICES.iter().all(|name| holds(name)) {
        return Ok(Kind::Candles);
    }
    if holds("equity") && asks_only("equity") {
        return Ok(Kind::Equity);
    }
    if request.y.is_empty() && numbers(table)?.is_empty() {
        return Err(nothing(table));
    }
    Ok(Kind::Line)
}

/// An error for a part of the request that has no place in this kind of chart.
fn refuse_unused(kind: Kind, request: &Request) -> Result<()> {
    let no = |what: &str, use_instead: &str| {
        Err(Error::argument(format!("a {} chart has no `{what}`; {use_instead}", kind.name())))
    };
    if request.value.is_some() && kind != Kind::Heatmap {
        return no("value", "it colours a heatmap, the others have y");
    }
    if request.color.is_some() && matches!(kind, Kind::Candles | Kind::Heatmap | Kind::Histogram) {
        return no("color", "bars, equity, line and scatter have it");
    }
    if request.x.is_some() && kind == Kind::Histogram && !request.y.is_empty() {
        return no("x", "y names the column to count");
    }
    let most = if matches!(kind, Kind::Heatmap | Kind::Histogram | Kind::Equity) { 1 } else { usize::MAX };
    if request.y.len() > most {
        return Err(Error::argument(format!(
            "a {} chart takes one column as y, got {}",
            kind.name(),
            request.y.join(", ")
        )));
    }
    Ok(())
}

/// The first time column whose values differ.
pub(super) fn time(table: &Table) -> Result<Option<usize>> {
    for column in table.all(Role::Time) {
        if table.distinct(column, 1)? > 1 {
            return Ok(Some(column));
        }
    }
    Ok(None)
}

/// The columns of numbers that are worth drawing: no numbers of rows, and not NULL throughout.
pub(super) fn numbers(table: &Table) -> Result<Vec<usize>> {
    let mut found = vec![];
    for column in table.all(Role::Number).filter(|column| !table.name(*column).to_lowercase().ends_with("_id")) {
        if table.distinct(column, 0)? > 0 {
            found.push(column);
        }
    }
    Ok(found)
}

/// The first text column without a repeated value, or else with several values.
pub(super) fn name(table: &Table) -> Result<Option<usize>> {
    let mut first = None;
    for column in table.all(Role::Text) {
        let distinct = table.distinct(column, table.rows)?;
        if distinct == table.rows {
            return Ok(Some(column));
        }
        if distinct > 1 && first.is_none() {
            first = Some(column);
        }
    }
    Ok(first)
}

/// Whether a column has the name of a metric.
pub(super) fn is_metric(name: &str) -> bool {
    METRICS.iter().any(|metric| metric.name.eq_ignore_ascii_case(name))
}

/// The first two numbers of few values that are no metrics, and the first number behind them, if together they fill at
/// least half of a grid.
pub(super) fn parameters(table: &Table) -> Result<Option<[usize; 3]>> {
    let numbers = numbers(table)?;
    let mut axes = vec![];
    for &column in numbers.iter().filter(|column| !is_metric(table.name(**column))) {
        let distinct = table.distinct(column, MOST_PARAMETER_VALUES)?;
        if (2..=MOST_PARAMETER_VALUES).contains(&distinct) {
            axes.push((column, distinct));
        }
        if axes.len() == 2 {
            break;
        }
    }
    let [(x, columns), (y, rows)] = axes[..] else { return Ok(None) };
    let metric = numbers.iter().find(|column| is_metric(table.name(**column)));
    let other = || numbers.iter().find(|column| **column > x.max(y));
    let Some(&value) = metric.or_else(other) else { return Ok(None) };
    Ok((columns * rows <= 2 * table.rows).then_some([x, y, value]))
}

/// The error of a result without a number.
pub(super) fn nothing(table: &Table) -> Error {
    let names: Vec<&str> = (0..table.width()).map(|column| table.name(column)).collect();
    Error::argument(format!("nothing to plot: none of the columns {} is a number with a value", names.join(", ")))
}
