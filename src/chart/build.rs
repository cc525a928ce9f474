//! One function for each kind of chart: from a result and a request to the chart.

use super::choose::{self, Request};
use super::model::{Axis, Bars, Chart, Heatmap, Histogram, Plot, Scale, Series, drawdown, range};
use super::points::{Points, distinct, few_series, group};
use super::table::{Role, Table};
use crate::error::{Error, Result};

/// Most lines that are drawn without having been asked for.
const MOST_UNASKED: usize = 4;

/// Most bars of a bar chart.
const MOST_BARS: usize = 60;

/// Most values of either parameter of a heatmap.
const MOST_CELLS: usize = 200;

/// Lines over a time or a number. Without `y` these are the first number and those on its scale.
pub(super) fn line(table: &Table, request: &Request) -> Result<Chart> {
    let x = match &request.x {
        Some(name) => table.named(name)?,
        None => choose::time(table)?
            .or_else(|| table.all(Role::Time).next())
            .map_or_else(|| first_number(table, &[]), Ok)?,
    };
    let (y, mut notes) = values(table, request, x)?;
    let points = Points::read(table, x, &mut notes)?;
    let group = group(table, request, &points)?;
    let series = points.series(table, &y, group)?;
    let label = shared_label(table, &y);
    Ok(Chart {
        title: subject(table, &names(table, &y)),
        x: axis(table, x),
        y: Axis::number(label),
        plot: Plot::Line(series),
        notes,
    })
}

/// The account over time. `drawdown` is read where the result has it, and computed from the account where not.
pub(super) fn equity(table: &Table, request: &Request) -> Result<Chart> {
    let x = over_time(table, request)?;
    let column = match request.y.first() {
        Some(name) => table.named(name)?,
        None => needed(table, "equity", "an equity chart")?,
    };
    let mut notes = vec![];
    let points = Points::read(table, x, &mut notes)?;
    let group = group(table, request, &points)?;
    let equity = points.series(table, &[column], group)?;
    let known = table.find_as("drawdown", Role::Number).filter(|_| request.y.is_empty());
    let drawdown = match known {
        Some(known) => points.series(table, &[known], group)?.into_iter().zip(&equity).map(renamed).collect(),
        None => equity.iter().map(|line| Series { y: drawdown(&line.y), ..line.clone() }).collect(),
    };
    Ok(Chart {
        title: subject(table, table.name(column)),
        x: axis(table, x),
        y: Axis::number(table.name(column)),
        plot: Plot::Equity { equity, drawdown },
        notes,
    })
}

fn renamed((line, like): (Series, &Series)) -> Series {
    Series { name: like.name.clone(), ..line }
}

/// How the values of one column are spread.
pub(super) fn histogram(table: &Table, request: &Request) -> Result<Chart> {
    let column = match request.y.first().or(request.x.as_ref()) {
        Some(name) => table.named(name)?,
        None => first_number(table, &[])?,
    };
    let all = table.numbers(column)?;
    let values: Vec<f64> = all.iter().copied().filter(|value| value.is_finite()).collect();
    if values.is_empty() {
        return Err(Error::argument(format!("column `{}` has no values to count", table.name(column))));
    }
    let mut notes = vec![];
    if values.len() < all.len() {
        notes.push(format!("{} of {} rows have no value", all.len() - values.len(), all.len()));
    }
    Ok(Chart {
        title: subject(table, table.name(column)),
        x: axis(table, column),
        y: Axis::number("rows"),
        plot: Plot::Histogram(Histogram { values }),
        notes,
    })
}

/// A metric over two parameters. Where several rows share a cell it shows their mean, and a note says so.
pub(super) fn heatmap(table: &Table, request: &Request) -> Result<Chart> {
    let [x, y, value] = heatmap_columns(table, request)?;
    let (columns, column_of) = distinct(table, x)?;
    let (rows, row_of) = distinct(table, y)?;
    for (axis, found) in [(x, &columns), (y, &rows)] {
        if found.len() > MOST_CELLS {
            return Err(Error::argument(format!(
                "column `{}` has {} different values, more than the {MOST_CELLS} of a heatmap; scatter draws them",
                table.name(axis),
                found.len()
            )));
        }
    }
    let mut sums = vec![0.0; columns.len() * rows.len()];
    let mut counts = vec![0usize; sums.len()];
    for (at, value) in table.numbers(value)?.into_iter().enumerate() {
        if let (Some(column), Some(row), true) = (column_of[at], row_of[at], value.is_finite()) {
            sums[row * columns.len() + column] += value;
            counts[row * columns.len() + column] += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let label = table.name(value).to_string();
    if most == 0 {
        return Err(Error::argument(format!("column `{label}` has no values to plot")));
    }
    let notes = if most > 1 { vec![format!("a cell is the mean of up to {most} rows")] } else { vec![] };
    let values = sums.iter().zip(&counts).map(|(sum, count)| sum / *count as f64).collect();
    Ok(Chart {
        title: subject(table, &label),
        x: Axis::name(table.name(x)),
        y: Axis::name(table.name(y)),
        plot: Plot::Heatmap(Heatmap { columns, rows, values, label }),
        notes,
    })
}

fn heatmap_columns(table: &Table, request: &Request) -> Result<[usize; 3]> {
    let found = choose::parameters(table)?;
    let given = |name: Option<&String>| name.map(|name| table.named(name)).transpose();
    let x = given(request.x.as_ref())?.or(found.map(|found| found[0]));
    let y = given(request.y.first())?.or(found.map(|found| found[1]));
    let value = given(request.value.as_ref())?.or(found.map(|found| found[2]));
    match (x, y, value) {
        (Some(x), Some(y), _) if x == y => {
            Err(Error::argument(format!("a heatmap needs two parameters, got `{}` twice", table.name(x))))
        }
        (Some(x), Some(y), Some(value)) => Ok([x, y, value]),
        _ => Err(Error::argument("a heatmap needs two parameters and a value: heatmap x=COLUMN y=COLUMN value=COLUMN")),
    }
}

/// Points of two numbers.
pub(super) fn scatter(table: &Table, request: &Request) -> Result<Chart> {
    let x = match &request.x {
        Some(name) => table.named(name)?,
        None => first_number(table, &[])?,
    };
    let y = match request.y.as_slice() {
        [] => {
            let metric = choose::numbers(table)?.into_iter().find(|c| *c != x && choose::is_metric(table.name(*c)));
            vec![metric.map_or_else(|| first_number(table, &[x]), Ok)?]
        }
        names => names.iter().map(|name| table.named(name)).collect::<Result<_>>()?,
    };
    let mut notes = vec![];
    let points = Points::read(table, x, &mut notes)?;
    let color = request.color.as_deref().map(|name| table.named(name)).transpose()?;
    let series = points.series(table, &y, color)?;
    let over = format!("{} over {}", names(table, &y), table.name(x));
    Ok(Chart {
        title: subject(table, &over),
        x: axis(table, x),
        y: Axis::number(shared_label(table, &y)),
        plot: Plot::Scatter(series),
        notes,
    })
}

/// A number for each name.
pub(super) fn bars(table: &Table, request: &Request) -> Result<Chart> {
    let x = match &request.x {
        Some(name) => table.named(name)?,
        None => match choose::name(table)? {
            Some(column) => column,
            None => table.all(Role::Text).next().ok_or_else(|| {
                Error::argument("a bars chart needs a text column for its names; x=COLUMN takes another")
            })?,
        },
    };
    let (y, notes) = if request.y.is_empty() { first_bar(table, x)? } else { values(table, request, x)? };
    let color = request.color.as_deref().map(|name| table.named(name)).transpose()?;
    let bars = match color {
        Some(color) => grouped(table, [x, color], &y)?,
        None => Bars {
            names: table.texts(x)?,
            series: y.iter().map(|y| Ok((table.name(*y).to_string(), table.numbers(*y)?))).collect::<Result<_>>()?,
        },
    };
    if bars.names.len() > MOST_BARS {
        return Err(Error::argument(format!(
            "a bars chart draws at most {MOST_BARS} bars, and `{}` has {}; select fewer rows with LIMIT",
            table.name(x),
            bars.names.len()
        )));
    }
    Ok(Chart {
        title: subject(table, &names(table, &y)),
        x: Axis::name(table.name(x)),
        y: Axis::number(shared_label(table, &y)),
        plot: Plot::Bars(bars),
        notes,
    })
}

/// The first number, and a note about the others.
fn first_bar(table: &Table, x: usize) -> Result<(Vec<usize>, Vec<String>)> {
    let numbers = choose::numbers(table)?.into_iter().filter(|column| *column != x).collect::<Vec<_>>();
    let (first, others) = numbers.split_first().ok_or_else(|| choose::nothing(table))?;
    let mut notes = vec![];
    left_out(table, others, &mut notes);
    Ok((vec![*first], notes))
}

/// One bar for each name and colour.
fn grouped(table: &Table, [x, color]: [usize; 2], y: &[usize]) -> Result<Bars> {
    let [y] = y else {
        return Err(Error::argument("bars with a color take one column as y"));
    };
    let (names, name_of) = distinct(table, x)?;
    let (colors, color_of) = distinct(table, color)?;
    few_series(table, color, colors.len())?;
    let mut series: Vec<(String, Vec<f64>)> =
        colors.into_iter().map(|color| (color, vec![f64::NAN; names.len()])).collect();
    for (at, value) in table.numbers(*y)?.into_iter().enumerate() {
        let (Some(name), Some(color)) = (name_of[at], color_of[at]) else { continue };
        let bar = &mut series[color].1[name];
        if !bar.is_nan() {
            return Err(Error::argument(format!(
                "two rows have the name `{}` and the color `{}`; group them in the query",
                names[name], series[color].0
            )));
        }
        *bar = value;
    }
    Ok(Bars { names, series })
}

/// The columns to draw: those asked for, or the first number and those whose values are on its scale.
fn values(table: &Table, request: &Request, x: usize) -> Result<(Vec<usize>, Vec<String>)> {
    if !request.y.is_empty() {
        let columns = request.y.iter().map(|name| table.named(name)).collect::<Result<_>>()?;
        return Ok((columns, vec![]));
    }
    let mut notes = vec![];
    let first = first_number(table, &[x])?;
    let own = range(table.numbers(first)?).unwrap_or((0.0, 0.0));
    let (mut fitting, mut others) = (vec![first], vec![]);
    for column in choose::numbers(table)?.into_iter().filter(|column| *column != x && *column != first) {
        let fits = range(table.numbers(column)?).is_some_and(|other| on_one_scale(own, other));
        // Several lines in each of several groups cannot be told apart.
        let has_room = fitting.len() < MOST_UNASKED && request.color.is_none();
        if fits && has_room { fitting.push(column) } else { others.push(column) }
    }
    left_out(table, &others, &mut notes);
    Ok((fitting, notes))
}

/// Whether two ranges can share an axis: together they take at most half as much again as the wider one, and the narrower
/// one, unless it is a constant, is at least a tenth of it.
pub(super) fn on_one_scale(a: (f64, f64), b: (f64, f64)) -> bool {
    let whole = a.1.max(b.1) - a.0.min(b.0);
    let (narrow, wide) = ((a.1 - a.0).min(b.1 - b.0), (a.1 - a.0).max(b.1 - b.0));
    whole <= 1.5 * wide && (narrow == 0.0 || narrow >= wide / 10.0)
}

pub(super) fn left_out(table: &Table, columns: &[usize], notes: &mut Vec<String>) {
    const SHOWN: usize = 4;
    let shown: Vec<&str> = columns.iter().take(SHOWN).map(|column| table.name(*column)).collect();
    let more = if columns.len() > SHOWN { format!(" and {} more", columns.len() - SHOWN) } else { String::new() };
    if let Some(first) = shown.first() {
        notes.push(format!("not drawn: {}{more}; y={first} draws it", shown.join(", ")));
    }
}

pub(super) fn over_time(table: &Table, request: &Request) -> Result<usize> {
    let column = match &request.x {
        Some(name) => table.named(name)?,
        None => choose::time(table)?.or_else(|| table.all(Role::Time).next()).ok_or_else(|| {
            Error::argument("the result has no time column, which this chart needs; select ts as well")
        })?,
    };
    if table.role(column) != Role::Time {
        return Err(Error::argument(format!("x must be a time here, and `{}` is none", table.name(column))));
    }
    Ok(column)
}

pub(super) fn needed(table: &Table, name: &str, whose: &str) -> Result<usize> {
    table.find_as(name, Role::Number).ok_or_else(|| {
        Error::argument(format!("{whose} needs a column `{name}` of numbers, which the result does not have"))
    })
}

fn first_number(table: &Table, but: &[usize]) -> Result<usize> {
    let found = choose::numbers(table)?.into_iter().find(|column| !but.contains(column));
    found.ok_or_else(|| choose::nothing(table))
}

pub(super) fn axis(table: &Table, column: usize) -> Axis {
    let scale = if table.role(column) == Role::Time { Scale::Time } else { Scale::Number };
    Axis { label: table.name(column).to_string(), scale }
}

fn names(table: &Table, columns: &[usize]) -> String {
    columns.iter().map(|column| table.name(*column)).collect::<Vec<_>>().join(", ")
}

/// The name of the vertical axis: that of the only column on it.
fn shared_label(table: &Table, columns: &[usize]) -> String {
    if let [only] = columns { table.name(*only).to_string() } else { String::new() }
}

/// A headline: what is drawn, and of which series.
pub(super) fn subject(table: &Table, what: &str) -> String {
    let of: Vec<String> = ["symbol", "timeframe", "strategy"].iter().filter_map(|name| table.constant(name)).collect();
    match (what, of.join(" ")) {
        (what, of) if of.is_empty() => what.to_string(),
        ("", of) => of,
        (what, of) => format!("{of}: {what}"),
    }
}
