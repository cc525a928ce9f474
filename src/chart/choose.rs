//! From the columns of a result to a chart.
//!
//! Without a word from the user the columns decide, by the first rule that fits:
//!
//! | columns | chart |
//! |---|---|
//! | a time, `open`, `high`, `low`, `close` | candles, with trades and lines: see `candles.rs` |
//! | a time, `equity` | equity, and `drawdown` below it |
//! | a time, numbers | line |
//! | two numbers of few values each that are no metrics, and another number | heatmap |
//! | a text of several values, a number | bars |
//! | two numbers | scatter |
//! | one number | histogram |

use datafusion::arrow::array::RecordBatch;
use threadx_kernels::metric::METRICS;

use super::build;
use super::candles;
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
        Kind::Candles => candles::candles(&table, request),
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
    if request.y.is_empty() && request.color.is_none() && candles::PRICES.iter().all(|name| holds(name)) {
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{
        ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray, TimestampMicrosecondArray,
    };

    use super::*;
    use crate::chart::model::{Direction, Plot};

    fn batch(columns: &[(&str, ArrayRef)]) -> [RecordBatch; 1] {
        let columns = columns.iter().map(|(name, array)| (*name, array.clone(), true));
        [RecordBatch::try_from_iter_with_nullable(columns).unwrap()]
    }

    fn ts(values: &[i64]) -> ArrayRef {
        Arc::new(TimestampMicrosecondArray::from(values.to_vec()).with_timezone("UTC"))
    }

    fn floats(values: &[f64]) -> ArrayRef {
        Arc::new(Float64Array::from_iter(values.iter().map(|value| (!value.is_nan()).then_some(*value))))
    }

    fn whole(values: &[i64]) -> ArrayRef {
        Arc::new(Int64Array::from(values.to_vec()))
    }

    fn texts(values: &[&str]) -> ArrayRef {
        Arc::new(StringArray::from(values.to_vec()))
    }

    fn flags(values: &[bool]) -> ArrayRef {
        Arc::new(BooleanArray::from(values.to_vec()))
    }

    fn request(kind: Option<Kind>, x: &str, y: &[&str]) -> Request {
        let y = y.iter().map(ToString::to_string).collect();
        Request { kind, x: (!x.is_empty()).then(|| x.to_string()), y, ..Request::default() }
    }

    fn chosen(columns: &[(&str, ArrayRef)]) -> Chart {
        choose(&batch(columns), &Request::default()).unwrap()
    }

    fn refused(columns: &[(&str, ArrayRef)], request: &Request) -> String {
        choose(&batch(columns), request).unwrap_err().to_string()
    }

    /// Two bars of DEMO.
    fn bars() -> Vec<(&'static str, ArrayRef)> {
        vec![
            ("symbol", texts(&["DEMO", "DEMO"])),
            ("ts", ts(&[0, 60])),
            ("open", floats(&[10.0, 11.0])),
            ("high", floats(&[12.0, 13.0])),
            ("low", floats(&[9.0, 10.0])),
            ("close", floats(&[11.0, 12.0])),
            ("volume", floats(&[9.0, 12.0])),
        ]
    }

    #[test]
    fn the_columns_choose_the_kind() {
        let kind = |columns: &[(&str, ArrayRef)]| chosen(columns).plot.kind();
        let time = ("ts", ts(&[0, 1, 2]));
        let number = ("a", floats(&[1.0, 2.5, 4.0]));
        assert_eq!(kind(&bars()), Kind::Candles);
        assert_eq!(kind(&[time.clone(), ("Equity", number.1.clone())]), Kind::Equity);
        assert_eq!(kind(&[time.clone(), number.clone()]), Kind::Line);
        assert_eq!(kind(&[("strategy", texts(&["x", "y", "z"])), number.clone()]), Kind::Bars);
        assert_eq!(kind(&[number.clone(), ("b", floats(&[3.0, 1.0, 2.0]))]), Kind::Scatter);
        assert_eq!(kind(std::slice::from_ref(&number)), Kind::Histogram);
        let grid = [("p", whole(&[10, 20, 10, 20])), ("q", floats(&[1.0, 1.0, 2.0, 2.0]))];
        assert_eq!(kind(&[grid[0].clone(), grid[1].clone(), ("sharpe", floats(&[0.1, 0.2, 0.3, 0.4]))]), Kind::Heatmap);
        // One time for all rows is no axis.
        assert_eq!(kind(&[("ts", ts(&[5, 5])), ("name", texts(&["x", "y"])), ("n", whole(&[1, 2]))]), Kind::Bars);
        assert_eq!(
            refused(&[("a", texts(&["x"]))], &Request::default()),
            "nothing to plot: none of the columns a is a number with a value"
        );
    }

    #[test]
    fn what_does_not_fit_the_scale_is_told() {
        let chart = chosen(&[
            ("ts", ts(&[3, 1, 2])),
            ("close", floats(&[30.0, 10.0, 20.0])),
            ("sma", floats(&[f64::NAN, 15.0, 18.0])),
            ("volume", floats(&[1e6, 2e6, 3e6])),
            ("trade_id", whole(&[1, 2, 3])),
        ]);
        let Plot::Line(series) = &chart.plot else { panic!("{chart:?}") };
        assert_eq!(series.iter().map(|line| line.name.as_str()).collect::<Vec<_>>(), ["close", "sma"]);
        assert_eq!((series[0].x.as_slice(), series[0].y.as_slice()), (&[1.0, 2.0, 3.0][..], &[10.0, 20.0, 30.0][..]));
        assert_eq!(chart.notes, ["not drawn: volume; y=volume draws it"]);
        assert_eq!(chart.title, "close, sma");
    }

    #[test]
    fn repeated_times_are_divided_by_a_text() {
        let columns = [
            ("ts", ts(&[0, 0, 1, 1])),
            ("symbol", texts(&["A", "B", "A", "B"])),
            ("close", floats(&[1.0, 2.0, 3.0, 4.0])),
        ];
        let chart = chosen(&columns);
        let Plot::Line(series) = &chart.plot else { panic!("{chart:?}") };
        assert_eq!((series[0].name.as_str(), series[0].y.as_slice()), ("A", &[1.0, 3.0][..]));
        assert_eq!((series[1].name.as_str(), series[1].y.as_slice()), ("B", &[2.0, 4.0][..]));
    }

    #[test]
    fn equity_has_its_drawdown() {
        let chart =
            chosen(&[("ts", ts(&[0, 1, 2])), ("close", floats(&[1.0; 3])), ("equity", floats(&[100.0, 80.0, 120.0]))]);
        let Plot::Equity { equity, drawdown } = &chart.plot else { panic!("{chart:?}") };
        assert_eq!(equity[0].y, [100.0, 80.0, 120.0]);
        let expected = [0.0, -0.2, 0.0];
        assert!(drawdown[0].y.iter().zip(expected).all(|(fall, expected)| (fall - expected).abs() < 1e-12));
    }

    #[test]
    fn candles_have_lines_and_trades() {
        let mut columns = bars();
        columns.push(("sma", floats(&[f64::NAN, 11.5])));
        columns.push(("enter_long", flags(&[true, false])));
        columns.push(("exit_price", floats(&[f64::NAN, 12.5])));
        columns.push(("direction", texts(&["", "long"])));
        let chart = chosen(&columns);
        let Plot::Candles(candles) = &chart.plot else { panic!("{chart:?}") };
        assert_eq!((candles.len(), candles.lines[0].0.as_str(), candles.lines[0].1[1]), (2, "sma", 11.5));
        let marks: Vec<_> = candles.markers.iter().map(|m| (m.bar, m.price, m.is_entry, m.direction)).collect();
        assert_eq!(marks, [(0, 11.0, true, Some(Direction::Long)), (1, 12.5, false, Some(Direction::Long))]);
        assert_eq!(
            (chart.title.as_str(), chart.notes.as_slice()),
            ("DEMO", &["not drawn: volume; y=volume draws it".to_string()][..])
        );
    }

    #[test]
    fn rows_of_one_time_are_one_candle() {
        let columns = [
            ("ts", ts(&[0, 60, 60])),
            ("open", floats(&[1.0, 2.0, 2.0])),
            ("high", floats(&[3.0, 4.0, 4.0])),
            ("low", floats(&[1.0, 1.0, 1.0])),
            ("close", floats(&[2.0, 3.0, 3.0])),
            ("entry_price", floats(&[f64::NAN, 2.5, 2.5])),
            ("exit_price", floats(&[f64::NAN, 3.5, 3.7])),
        ];
        let chart = chosen(&columns);
        let Plot::Candles(candles) = &chart.plot else { panic!("{chart:?}") };
        assert_eq!((candles.len(), candles.close.as_slice()), (2, &[2.0, 3.0][..]));
        assert_eq!(candles.trades(), [("enter", 1), ("exit", 2)]);
    }

    #[test]
    fn cells_of_a_heatmap_are_sorted_and_means_are_told() {
        let columns = [
            ("p", whole(&[20, 10, 10, 10])),
            ("q", floats(&[1.5, 1.5, 0.5, 0.5])),
            ("sharpe", floats(&[4.0, 3.0, 1.0, 2.0])),
        ];
        let chart = chosen(&columns);
        let Plot::Heatmap(map) = &chart.plot else { panic!("{chart:?}") };
        assert_eq!(
            (map.columns.as_slice(), map.rows.as_slice()),
            (&["10", "20"].map(String::from)[..], &["0.5", "1.5"].map(String::from)[..])
        );
        assert_eq!((map.values[0], map.values[1].is_nan(), map.values[2], map.values[3]), (1.5, true, 3.0, 4.0));
        assert_eq!(chart.notes, ["a cell is the mean of up to 2 rows"]);
    }

    #[test]
    fn axes_can_be_named() {
        let columns =
            [("ts", ts(&[0, 1])), ("n", floats(&[5.0, 6.0])), ("m", floats(&[7.0, 9.0])), ("s", texts(&["x", "y"]))];
        let kind = |kind, x, y: &[&str]| choose(&batch(&columns), &request(kind, x, y)).unwrap().plot.kind();
        assert_eq!(kind(None, "", &["m"]), Kind::Line);
        assert_eq!(kind(None, "n", &["m"]), Kind::Scatter);
        assert_eq!(kind(None, "s", &["m"]), Kind::Bars);
        assert_eq!(kind(Some(Kind::Histogram), "", &["m"]), Kind::Histogram);
        let colored = Request { color: Some("s".into()), ..request(Some(Kind::Scatter), "n", &["m"]) };
        let chart = choose(&batch(&columns), &colored).unwrap();
        let Plot::Scatter(series) = &chart.plot else { panic!("{chart:?}") };
        assert_eq!((series[1].name.as_str(), series[1].x[0], series[1].y[0]), ("y", 6.0, 9.0));
    }

    #[test]
    fn wrong_requests_say_what_to_do() {
        let columns = [("ts", ts(&[0, 1])), ("n", floats(&[5.0, 6.0])), ("s", texts(&["x", "y"]))];
        let error = |kind, x, y: &[&str]| refused(&columns, &request(kind, x, y));
        assert_eq!(error(None, "", &["m"]), "unknown column `m` of the result; did you mean `n`?");
        assert_eq!(error(None, "", &["s"]), "column `s` is text, and a number is needed here");
        assert_eq!(
            error(Some(Kind::Candles), "", &[]),
            "a candles chart needs a column `open` of numbers, which the result does not have"
        );
        assert_eq!(
            error(Some(Kind::Heatmap), "", &[]),
            "a heatmap needs two parameters and a value: heatmap x=COLUMN y=COLUMN value=COLUMN"
        );
        assert_eq!(error(Some(Kind::Equity), "n", &["n"]), "x must be a time here, and `n` is none");
        let unused = Request { color: Some("s".into()), ..request(Some(Kind::Histogram), "", &["n"]) };
        assert_eq!(
            refused(&columns, &unused),
            "a histogram chart has no `color`; bars, equity, line and scatter have it"
        );
        let mut two = bars();
        two[0].1 = texts(&["A", "B"]);
        assert_eq!(
            refused(&two, &Request::default()),
            "candles show one series, and `symbol` has 2 values; select one with WHERE symbol = 'A', or plot line y=close"
        );
        let none = batch(&[("n", floats(&[]))]);
        assert_eq!(choose(&none, &Request::default()).unwrap_err().to_string(), "the result has no rows to plot");
    }
}
