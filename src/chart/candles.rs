//! From the bars of one series, with trades or signals, to candles.

use super::build::{axis, left_out, needed, on_one_scale, over_time, subject};
use super::choose::{self, Request};
use super::model::{Axis, Candles, Chart, Direction, Marker, Plot, range};
use super::points::{MOST_SERIES, Points, distinct};
use super::table::{Role, Table};
use crate::error::{Error, Result};

/// The columns of a bar.
pub(super) const PRICES: [&str; 4] = ["open", "high", "low", "close"];

/// Bars of one series. `y` names lines to draw over them; without it these are the numbers that can share an axis with the prices.
///
/// Trades come from `entry_price` and `exit_price`, which are NULL where nothing happens, with `entry_direction`,
/// `exit_direction` or `direction` as `long` or `short`; signals from `enter_long`, `exit_long`, `enter_short` and
/// `exit_short`, at the close of the bar at which they
/// become true. Several rows of one time, which a join gives, are one bar.
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
    Ok(Chart {
        title: Some(subject(table, "")).filter(|title| !title.is_empty()).unwrap_or_else(|| "price".into()),
        x: axis(table, x),
        y: Axis::number(""),
        plot: Plot::Candles(candles),
        notes,
    })
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
            if at > 0 && flags[points.rows[at - 1]] {
                continue;
            }
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

/// The lines over candles: those asked for, or the numbers that can share an axis with the prices.
fn overlays(table: &Table, request: &Request, prices: &[Vec<f64>], notes: &mut Vec<String>) -> Result<Vec<usize>> {
    if !request.y.is_empty() {
        return request.y.iter().map(|name| table.named(name)).collect();
    }
    let drawn_otherwise = |column: usize| {
        let name = table.name(column).to_lowercase();
        PRICES.contains(&name.as_str()) || name == "entry_price" || name == "exit_price"
    };
    let Some(price) = range(prices.iter().flatten().copied()) else { return Ok(vec![]) };
    let (mut fitting, mut others) = (vec![], vec![]);
    for column in choose::numbers(table)?.into_iter().filter(|column| !drawn_otherwise(*column)) {
        // A volume may lie near the prices by chance, and says nothing there.
        let is_volume = table.name(column).to_lowercase().ends_with("volume");
        let is_near = range(table.numbers(column)?).is_some_and(|own| !is_volume && on_one_scale(price, own));
        if is_near && fitting.len() < MOST_SERIES { fitting.push(column) } else { others.push(column) }
    }
    left_out(table, &others, notes);
    Ok(fitting)
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
