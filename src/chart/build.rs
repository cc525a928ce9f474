//! One function for each kind of chart: from a result and a request to the chart.

use std::collections::HashMap;

use super::choose::{self, Request};
use super::model::{
    Axis, Bars, Candles, Chart, Direction, Heatmap, Histogram, Marker, Plot, Scale, Series, drawdown, range,
};
use super::table::{Role, Table};
use crate::error::{Error, Result};

/// The columns of a bar.
pub(super) const PRICES: [&str; 4] = ["open", "high", "low", "close"];

/// Most lines, colours of points or bars beside each other: more cannot be told apart.
const MOST_SERIES: usize = 8;

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

/// Bars of one series. `y` names lines to draw over them; without it these are the numbers that lie near the prices.
///
/// Trades come from `entry_price` and `exit_price`, which are NULL where nothing happens, with `entry_direction`,
/// `exit_direction` or `direction` as `long` or `short`; signals from `enter_long`, `exit_long`, `enter_short` and
/// `exit_short`, at the close. Several rows of one time, which a join gives, are one bar.
pub(super) fn candles(table: &Table, request: &Request) -> Result<Chart> {
    let x = over_time(table, request)?;
    one_series(table)?;
    let mut prices = vec![];
    for name in PRICES {
        prices.push(table.numbers(needed(table, name, "a candles chart")?)?);
    }
    let mut notes = vec![];
    let points = Points::read(table, x, &mut notes)?;
    let bar_of = points.bars();
    let mut firsts: Vec<usize> = vec![];
    for (at, row) in points.rows.iter().enumerate() {
        if bar_of[at] == firsts.len() {
            firsts.push(*row);
        }
    }
    let pick = |values: &[f64]| -> Vec<f64> { firsts.iter().map(|row| values[*row]).collect() };
    let lines = overlays(table, request, &prices, &mut notes)?;
    let mut drawn = vec![];
    for column in lines {
        drawn.push((table.name(column).to_string(), pick(&table.numbers(column)?)));
    }
    let markers = markers(table, &points, &bar_of, &prices[3])?;
    let candles = Candles {
        ts: pick(&points.x),
        open: pick(&prices[0]),
        high: pick(&prices[1]),
        low: pick(&prices[2]),
        close: pick(&prices[3]),
        markers,
        lines: drawn,
    };
    Ok(Chart { title: subject(table, ""), x: axis(table, x), y: Axis::number(""), plot: Plot::Candles(candles), notes })
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
    let (y, notes) = values(table, request, x)?;
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

/// Rows of a result whose x is known, in the order of x.
struct Points {
    /// The x of every row of the result.
    x: Vec<f64>,
    /// Positions of the rows.
    rows: Vec<usize>,
}

impl Points {
    fn read(table: &Table, column: usize, notes: &mut Vec<String>) -> Result<Self> {
        let x = table.numbers(column)?;
        let mut rows: Vec<usize> = (0..x.len()).filter(|row| x[*row].is_finite()).collect();
        if rows.len() < x.len() {
            notes.push(format!("{} of {} rows have no {}", x.len() - rows.len(), x.len(), table.name(column)));
        }
        if !rows.is_sorted_by(|a, b| x[*a] <= x[*b]) {
            rows.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
        }
        Ok(Points { x, rows })
    }

    fn has_repeats(&self) -> bool {
        self.rows.windows(2).any(|pair| self.x[pair[0]] == self.x[pair[1]])
    }

    /// For each row its number among the distinct values of x.
    fn bars(&self) -> Vec<usize> {
        let mut bar = 0;
        let mut of = Vec::with_capacity(self.rows.len());
        for (at, row) in self.rows.iter().enumerate() {
            bar += usize::from(at > 0 && self.x[self.rows[at - 1]] != self.x[*row]);
            of.push(bar);
        }
        of
    }

    /// The columns as series, each divided by the values of another column.
    fn series(&self, table: &Table, columns: &[usize], group: Option<usize>) -> Result<Vec<Series>> {
        let (groups, group_of) = match group {
            Some(group) => distinct(table, group)?,
            None => (vec![String::new()], vec![Some(0); table.rows]),
        };
        if let Some(group) = group {
            few_series(table, group, groups.len() * columns.len())?;
        } else if columns.len() > MOST_SERIES {
            return Err(Error::argument(format!("a chart draws at most {MOST_SERIES} columns, got {}", columns.len())));
        }
        let mut all = vec![];
        for column in columns {
            let values = table.numbers(*column)?;
            if !values.iter().any(|value| value.is_finite()) {
                let name = table.name(*column);
                return Err(Error::argument(format!("column `{name}` has no values to plot")));
            }
            let name_of = |group: &String| match (group.is_empty(), columns.len()) {
                (true, _) => table.name(*column).to_string(),
                (false, 1) => group.clone(),
                (false, _) => format!("{} {group}", table.name(*column)),
            };
            let mut series: Vec<Series> =
                groups.iter().map(|group| Series { name: name_of(group), ..Series::default() }).collect();
            for row in &self.rows {
                let Some(group) = group_of[*row] else { continue };
                series[group].x.push(self.x[*row]);
                series[group].y.push(values[*row]);
            }
            all.extend(series);
        }
        Ok(all)
    }
}

/// The entries and exits of a result.
fn markers(table: &Table, points: &Points, bar_of: &[usize], close: &[f64]) -> Result<Vec<Marker>> {
    let mut markers = vec![];
    for (name, is_entry, own) in [("entry_price", true, "entry_direction"), ("exit_price", false, "exit_direction")] {
        let Some(column) = table.find_as(name, Role::Number) else { continue };
        let prices = table.numbers(column)?;
        let directions = table.find_as(own, Role::Text).or_else(|| table.find_as("direction", Role::Text));
        let directions = directions.map(|column| table.texts(column)).transpose()?;
        for (at, row) in points.rows.iter().enumerate().filter(|(_, row)| prices[**row].is_finite()) {
            let direction = directions.as_ref().and_then(|texts| direction(&texts[*row]));
            markers.push(Marker { bar: bar_of[at], price: prices[*row], is_entry, direction });
        }
    }
    let signals = [
        ("enter_long", true, Direction::Long),
        ("exit_long", false, Direction::Long),
        ("enter_short", true, Direction::Short),
        ("exit_short", false, Direction::Short),
    ];
    for (name, is_entry, direction) in signals {
        let Some(column) = table.find_as(name, Role::Flag) else { continue };
        let flags = table.flags(column)?;
        for (at, row) in points.rows.iter().enumerate().filter(|(_, row)| flags[**row]) {
            markers.push(Marker { bar: bar_of[at], price: close[*row], is_entry, direction: Some(direction) });
        }
    }
    // A join of entries and exits repeats one where a bar has several of the other.
    let mut kept: Vec<Marker> = vec![];
    markers.sort_by_key(|marker| marker.bar);
    for marker in markers {
        let is_known = kept.iter().rev().take_while(|other| other.bar == marker.bar).any(|other| *other == marker);
        if !is_known {
            kept.push(marker);
        }
    }
    Ok(kept)
}

fn direction(text: &str) -> Option<Direction> {
    match text {
        "long" => Some(Direction::Long),
        "short" => Some(Direction::Short),
        _ => None,
    }
}

/// The lines over candles: those asked for, or the numbers whose values all lie near the prices.
fn overlays(table: &Table, request: &Request, prices: &[Vec<f64>], notes: &mut Vec<String>) -> Result<Vec<usize>> {
    if !request.y.is_empty() {
        return request.y.iter().map(|name| table.named(name)).collect();
    }
    let drawn_otherwise = |column: usize| {
        let name = table.name(column).to_lowercase();
        PRICES.contains(&name.as_str()) || name == "entry_price" || name == "exit_price"
    };
    let Some((low, high)) = range(prices.iter().flatten().copied()) else { return Ok(vec![]) };
    let room = high - low;
    let (mut fitting, mut others) = (vec![], vec![]);
    for column in choose::numbers(table)?.into_iter().filter(|column| !drawn_otherwise(*column)) {
        let own = range(table.numbers(column)?);
        let is_near = own.is_some_and(|(least, most)| least >= low - room && most <= high + room);
        if is_near && fitting.len() < MOST_SERIES { fitting.push(column) } else { others.push(column) }
    }
    left_out(table, &others, notes);
    Ok(fitting)
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
        let has_room = fitting.len() < MOST_SERIES && request.color.is_none();
        if fits && has_room { fitting.push(column) } else { others.push(column) }
    }
    left_out(table, &others, &mut notes);
    Ok((fitting, notes))
}

/// Whether two ranges can share an axis: each fills at least a tenth of it, unless it is a constant.
fn on_one_scale(a: (f64, f64), b: (f64, f64)) -> bool {
    let whole = a.1.max(b.1) - a.0.min(b.0);
    [a, b].iter().all(|(low, high)| low == high || whole <= 10.0 * (high - low))
}

fn left_out(table: &Table, columns: &[usize], notes: &mut Vec<String>) {
    const SHOWN: usize = 4;
    let shown: Vec<&str> = columns.iter().take(SHOWN).map(|column| table.name(*column)).collect();
    let more = if columns.len() > SHOWN { format!(" and {} more", columns.len() - SHOWN) } else { String::new() };
    if let Some(first) = shown.first() {
        notes.push(format!("not drawn: {}{more}; y={first} draws it", shown.join(", ")));
    }
}

/// The column that divides lines: the one asked for, or the first text of several values where times repeat.
fn group(table: &Table, request: &Request, points: &Points) -> Result<Option<usize>> {
    if let Some(name) = &request.color {
        return table.named(name).map(Some);
    }
    if !points.has_repeats() {
        return Ok(None);
    }
    for column in table.all(Role::Text) {
        if table.distinct(column, 1)? > 1 {
            return Ok(Some(column));
        }
    }
    Ok(None)
}

fn few_series(table: &Table, column: usize, count: usize) -> Result<()> {
    if count <= MOST_SERIES {
        return Ok(());
    }
    Err(Error::argument(format!(
        "`{}` divides the chart into {count}, and at most {MOST_SERIES} can be told apart; select fewer with WHERE",
        table.name(column)
    )))
}

/// An error if a text column says that these are the bars of several series.
fn one_series(table: &Table) -> Result<()> {
    for name in ["symbol", "timeframe"] {
        let Some(column) = table.find_as(name, Role::Text) else { continue };
        let (values, _) = distinct(table, column)?;
        if let [first, _, ..] = values.as_slice() {
            return Err(Error::argument(format!(
                "candles show one series, and `{name}` has {} values; select one with WHERE {name} = '{first}', or plot \
                 line y=close",
                values.len()
            )));
        }
    }
    Ok(())
}

/// The distinct values of a column in order, numbers by size and texts as they come, and for each row the position of its
/// value; `None` for a number that is missing.
fn distinct(table: &Table, column: usize) -> Result<(Vec<String>, Vec<Option<usize>>)> {
    let texts = table.texts(column)?;
    let numbers = matches!(table.role(column), Role::Number | Role::Time).then(|| table.numbers(column)).transpose()?;
    let is_missing = |row: usize| numbers.as_ref().is_some_and(|numbers| numbers[row].is_nan());
    let mut order: Vec<usize> = (0..texts.len()).filter(|row| !is_missing(*row)).collect();
    if let Some(numbers) = &numbers {
        order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]));
    }
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut values = vec![];
    for row in order {
        places.entry(&texts[row]).or_insert_with(|| {
            values.push(texts[row].clone());
            values.len() - 1
        });
    }
    let of = (0..texts.len()).map(|row| (!is_missing(row)).then(|| places[texts[row].as_str()])).collect();
    Ok((values, of))
}

fn over_time(table: &Table, request: &Request) -> Result<usize> {
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

fn needed(table: &Table, name: &str, whose: &str) -> Result<usize> {
    table.find_as(name, Role::Number).ok_or_else(|| {
        Error::argument(format!("{whose} needs a column `{name}` of numbers, which the result does not have"))
    })
}

fn first_number(table: &Table, but: &[usize]) -> Result<usize> {
    let found = choose::numbers(table)?.into_iter().find(|column| !but.contains(column));
    found.ok_or_else(|| choose::nothing(table))
}

fn axis(table: &Table, column: usize) -> Axis {
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
fn subject(table: &Table, what: &str) -> String {
    let of: Vec<String> = ["symbol", "timeframe", "strategy"].iter().filter_map(|name| table.constant(name)).collect();
    match (what, of.join(" ")) {
        (what, of) if of.is_empty() => what.to_string(),
        ("", of) => of,
        (what, of) => format!("{of}: {what}"),
    }
}
