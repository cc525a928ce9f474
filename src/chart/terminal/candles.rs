//! Bars with their trades.

use super::canvas::{ACROSS, Canvas, DOWN, Ink, Pattern};
use super::frame;
use super::render::{Drawing, Look};
use super::xy::ROWS_PER_TICK;
use crate::chart::model::{Candles, Direction, Marker, range};
use crate::chart::{sample, ticks};

/// Most columns of a candle, the room between two included.
const MOST_COLUMNS: usize = 3;

/// What half of a character shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Nothing,
    Wick,
    Body,
}

/// The bars of one series: a column for each, or for as many as must share one.
pub(super) fn candles(all: &Candles, look: Look) -> Drawing {
    let prices = all.high.iter().chain(&all.low).copied().chain(all.lines.iter().flat_map(|(_, line)| line.clone()));
    let marked = all.markers.iter().map(|marker| marker.price);
    let y = ticks::widened(range(prices.chain(marked)).unwrap_or((0.0, 1.0)), 0.03);
    let labels = frame::labels(&ticks::numbers(y, (look.height / ROWS_PER_TICK).max(2)), y, look.height);
    let margin = frame::width(&labels);
    let columns = look.columns(margin);
    let (bars, size) = sample::candles(all, columns);
    let each = (columns / bars.len().max(1)).clamp(1, MOST_COLUMNS);
    let mut canvas = Canvas::new(columns, look.height);
    for (number, (_, line)) in bars.lines.iter().enumerate() {
        overlay(&mut canvas, line, each, y, (Ink::Series(number), Pattern(if look.color { 0 } else { number })));
    }
    for bar in 0..bars.len() {
        candle(&mut canvas, &bars, bar, (bar * each, y), look);
    }
    for marker in &bars.markers {
        mark(&mut canvas, &bars, *marker, (marker.bar * each, y));
    }
    let mut lines = frame::with_labels(&canvas, &labels, margin, look.color);
    let start = bars.ts.first().map_or(String::new(), |ts| ticks::moment(*ts));
    let times = frame::as_many_as_fit(columns, (0, start), |most| {
        ticks::bar_times(&bars.ts, most).into_iter().map(|(bar, text)| (bar * each, text)).collect()
    });
    lines.extend(frame::axis(&times, columns, margin, look.color));
    let notes = if size > 1 { vec![format!("each candle merges {size} of {} bars", all.len())] } else { vec![] };
    Drawing { lines, legend: legend(all, look), notes }
}

fn overlay(canvas: &mut Canvas, line: &[f64], each: usize, y: (f64, f64), style: (Ink, Pattern)) {
    let rows = canvas.height * DOWN;
    let (mut last, mut steps) = (None, 0);
    for (bar, value) in line.iter().enumerate() {
        if !value.is_finite() {
            last = None;
            continue;
        }
        let place = ((bar * each * ACROSS) as i64, rows as i64 - 1 - frame::place(*value, y, rows));
        canvas.segment(last.unwrap_or(place), place, style, &mut steps);
        last = Some(place);
    }
}

/// One candle in a column: halves of characters are wick or body.
fn candle(canvas: &mut Canvas, bars: &Candles, bar: usize, (column, y): (usize, (f64, f64)), look: Look) {
    let halves = canvas.height * 2;
    let place = |value: f64| halves as i64 - 1 - frame::place(value, y, halves);
    let (open, close) = (bars.open[bar], bars.close[bar]);
    if ![open, close, bars.high[bar], bars.low[bar]].iter().all(|price| price.is_finite()) {
        return;
    }
    let (top, bottom) = (place(open.max(close)), place(open.min(close)));
    let (high, low) = (place(bars.high[bar]), place(bars.low[bar]));
    let is_down = close < open;
    let half = |at: i64| match at {
        at if (top..=bottom).contains(&at) => Half::Body,
        at if (high..=low).contains(&at) => Half::Wick,
        _ => Half::Nothing,
    };
    for row in 0..canvas.height {
        let pair = (half(row as i64 * 2), half(row as i64 * 2 + 1));
        // Without colours a falling candle has a broad body.
        let character = if is_down && !look.color { broad(pair) } else { narrow(pair) };
        if let Some(character) = character {
            canvas.put(column, row, character, if is_down { Ink::Down } else { Ink::Up });
        }
    }
}

fn narrow(halves: (Half, Half)) -> Option<char> {
    Some(match halves {
        (Half::Nothing, Half::Nothing) => return None,
        (Half::Wick, Half::Wick) => '│',
        (Half::Body, Half::Body) => '┃',
        (Half::Nothing, Half::Wick) => '╷',
        (Half::Wick, Half::Nothing) => '╵',
        (Half::Nothing, Half::Body) => '╻',
        (Half::Body, Half::Nothing) => '╹',
        (Half::Wick, Half::Body) => '╽',
        (Half::Body, Half::Wick) => '╿',
    })
}

fn broad(halves: (Half, Half)) -> Option<char> {
    match halves {
        (Half::Body, Half::Body) => Some('█'),
        (_, Half::Body) => Some('▄'),
        (Half::Body, _) => Some('▀'),
        halves => narrow(halves),
    }
}

/// Puts what buys below the candle and what sells above it.
fn mark(canvas: &mut Canvas, bars: &Candles, marker: Marker, (column, y): (usize, (f64, f64))) {
    let row = |value: f64| canvas.height as i64 - 1 - frame::place(value, y, canvas.height);
    let is_below = marker.is_entry == (marker.direction != Some(Direction::Short));
    let (low, high) = (bars.low[marker.bar].min(marker.price), bars.high[marker.bar].max(marker.price));
    let row = if is_below { row(low) + 1 } else { row(high) - 1 };
    let row = row.clamp(0, canvas.height as i64 - 1) as usize;
    let (sign, ink) = sign(&marker);
    canvas.put(column, row, sign, ink);
}

fn sign(marker: &Marker) -> (char, Ink) {
    match (marker.is_entry, marker.direction) {
        (true, Some(Direction::Short)) => ('▼', Ink::Down),
        (true, _) => ('▲', Ink::Up),
        (false, _) => ('×', Ink::Plain),
    }
}

/// The lines, and how many trades there are of each kind.
fn legend(bars: &Candles, look: Look) -> Vec<(String, Ink, String)> {
    let line = |(number, (name, _)): (usize, &(String, Vec<f64>))| {
        let pattern = Pattern(if look.color { 0 } else { number });
        (pattern.sample().to_string(), Ink::Series(number), name.clone())
    };
    let mut legend: Vec<(String, Ink, String)> = bars.lines.iter().enumerate().map(line).collect();
    for (name, count) in bars.trades() {
        let like = bars.markers.iter().find(|marker| marker.name() == name);
        let (sign, ink) = like.map_or((' ', Ink::Plain), sign);
        legend.push((sign.to_string(), ink, format!("{name} {count}")));
    }
    legend
}
