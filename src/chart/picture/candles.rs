//! Bars with their trades.

use super::draw::{HEIGHT, Page};
use super::frame::{self, Entry, Sample};
use super::scene::{Ink, Room, Shape};
use crate::chart::model::{Candles, Direction, Marker, range};
use crate::chart::{sample, ticks};

/// Least width of a candle with the room between two.
const LEAST: f64 = 4.0;

/// Greatest width of a body.
const MOST: f64 = 12.0;

/// The bars of one series: side by side, merged where there are too many.
pub(super) fn candles(page: &mut Page, all: &Candles) {
    page.legend(&legend(all));
    let prices = all.high.iter().chain(&all.low).chain(all.lines.iter().flat_map(|(_, line)| line)).copied();
    let marked = all.markers.iter().map(|marker| marker.price);
    let y = ticks::widened(range(prices.chain(marked)).unwrap_or((0.0, 1.0)), 0.05);
    let labels = ticks::numbers(y, (HEIGHT / frame::PER_TICK) as usize);
    let room = page.room(frame::margin(labels.iter().map(|tick| tick.text.as_str())), HEIGHT);
    let (bars, size) = sample::candles(all, (room.width / LEAST) as usize);
    let each = room.width / bars.len().max(1) as f64;
    let middle = |bar: usize| room.left + (bar as f64 + 0.5) * each;
    frame::left(&mut page.scene, room, &labels, y);
    let start = bars.ts.first().map_or(String::new(), |ts| ticks::moment(*ts));
    let places = frame::as_many_as_fit(room, (middle(0), start), |most| {
        ticks::bar_times(&bars.ts, most).into_iter().map(|(bar, text)| (middle(bar), text)).collect()
    });
    frame::below(&mut page.scene, room, &places);
    bodies(page, &bars, room, (each, y));
    for (number, (_, line)) in bars.lines.iter().enumerate() {
        let points: Vec<(f64, f64)> = line.iter().enumerate().map(|(bar, value)| (middle(bar), *value)).collect();
        for piece in points.split(|(_, value)| !value.is_finite()).filter(|piece| !piece.is_empty()) {
            let piece = piece.iter().map(|(x, value)| (*x, room.y(*value, y))).collect();
            page.scene.line(piece, 1.5, Ink::Series(number));
        }
    }
    for marker in &bars.markers {
        let x = middle(marker.bar);
        let (low, high) = (room.y(bars.low[marker.bar], y), room.y(bars.high[marker.bar], y));
        page.scene.shapes.push(mark(marker, x, (low, high), room.y(marker.price, y)));
    }
    if size > 1 {
        page.notes.push(format!("each candle merges {size} of {} bars", all.len()));
    }
    page.top = room.bottom() + frame::AXIS;
}

fn bodies(page: &mut Page, bars: &Candles, room: Room, (each, y): (f64, (f64, f64))) {
    let broad = (each * 0.7).min(MOST);
    for is_down in [false, true] {
        let ink = if is_down { Ink::Down } else { Ink::Up };
        let (mut wicks, mut bodies) = (vec![], vec![]);
        for bar in (0..bars.len()).filter(|bar| (bars.close[*bar] < bars.open[*bar]) == is_down) {
            let prices = [bars.open[bar], bars.high[bar], bars.low[bar], bars.close[bar]];
            if !prices.iter().all(|price| price.is_finite()) {
                continue;
            }
            let x = room.left + (bar as f64 + 0.5) * each;
            let [open, high, low, close] = prices.map(|price| room.y(price, y));
            wicks.push([(x, high), (x, low)]);
            // A body is at least a hair, so that an unchanged price can be seen.
            let middle = (open + close) / 2.0;
            let half = ((open - close).abs() / 2.0).max(0.5);
            bodies.push([(x, middle - half), (x, middle + half)]);
        }
        page.scene.shapes.push(Shape::Strokes { lines: wicks, width: 1.0, ink });
        page.scene.shapes.push(Shape::Strokes { lines: bodies, width: broad, ink });
    }
}

/// What buys points up from below the bar, what sells down from above it; exits are crosses at their price.
fn mark(marker: &Marker, x: f64, (low, high): (f64, f64), price: f64) -> Shape {
    const GAP: f64 = 4.0;
    match (marker.is_entry, marker.direction) {
        (false, _) => frame::cross((x, price), Ink::Text),
        (true, Some(Direction::Short)) => frame::triangle((x, high - GAP), false, Ink::Down),
        (true, _) => frame::triangle((x, low + GAP), true, Ink::Up),
    }
}

fn legend(bars: &Candles) -> Vec<Entry> {
    let line = |(number, (name, _)): (usize, &(String, Vec<f64>))| (Sample::Line, Ink::Series(number), name.clone());
    let mut legend: Vec<Entry> = bars.lines.iter().enumerate().map(line).collect();
    for (name, count) in bars.trades() {
        let (sample, ink) = match name {
            "enter short" => (Sample::Down, Ink::Down),
            name if name.starts_with("enter") => (Sample::Up, Ink::Up),
            _ => (Sample::Cross, Ink::Text),
        };
        legend.push((sample, ink, format!("{name} {count}")));
    }
    legend
}
