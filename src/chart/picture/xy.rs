//! Lines, points, and the account with its drawdown.

use std::collections::HashSet;

use super::draw::{HEIGHT, Page};
use super::frame::{self, Entry, Sample};
use super::scene::{Ink, Room, Shape};
use crate::chart::model::{Axis, Series, range};
use crate::chart::sample;
use crate::chart::ticks::{self, Tick};

/// Share of the height that the drawdown takes.
const BELOW: f64 = 0.28;

/// Lines over a time or a number.
pub(super) fn line(page: &mut Page, axis: &Axis, series: &[Series]) {
    page.legend(&legend(series, Sample::Line));
    let (x, y) = (x_range(series), y_range(series));
    let ticks = ticks::numbers(y, (HEIGHT / frame::PER_TICK) as usize);
    let room = page.room(frame::margin(ticks.iter().map(|tick| tick.text.as_str())), HEIGHT);
    frame::left(&mut page.scene, room, &ticks, y);
    below(page, axis, room, x);
    lines(page, room, series, [x, y]);
    page.top = room.bottom() + frame::AXIS;
}

/// Points. Those that would cover another one of their group are left out.
pub(super) fn scatter(page: &mut Page, axis: &Axis, series: &[Series]) {
    page.legend(&legend(series, Sample::Box));
    let (x, y) = (x_range(series), y_range(series));
    let ticks = ticks::numbers(y, (HEIGHT / frame::PER_TICK) as usize);
    let room = page.room(frame::margin(ticks.iter().map(|tick| tick.text.as_str())), HEIGHT);
    frame::left(&mut page.scene, room, &ticks, y);
    below(page, axis, room, x);
    let (mut drawn, mut total) = (0, 0);
    for (number, points) in series.iter().enumerate() {
        let mut seen = HashSet::new();
        let mut centres = vec![];
        for (px, py) in points.x.iter().zip(&points.y).filter(|(_, y)| y.is_finite()) {
            let centre = (room.x(*px, x), room.y(*py, y));
            total += 1;
            if seen.insert((centre.0.round() as i64, centre.1.round() as i64)) {
                centres.push(centre);
            }
        }
        drawn += centres.len();
        page.scene.shapes.push(Shape::Discs { centres, radius: 3.0, ink: Ink::Series(number) });
    }
    if drawn < total {
        page.notes.push(format!("{drawn} of {total} points are drawn; the others lie behind them"));
    }
    page.top = room.bottom() + frame::AXIS;
}

/// The account above, and its drawdown hanging from zero below.
pub(super) fn equity(page: &mut Page, axis: &Axis, [equity, drawdown]: [&[Series]; 2]) {
    page.legend(&legend(equity, Sample::Line));
    let (x, y) = (x_range(equity), y_range(equity));
    let falls = range(drawdown.iter().flat_map(|line| line.y.iter().copied()));
    let falls = (falls.map_or(0.0, |(low, _)| low).min(-1e-4), 0.0);
    let heights = [HEIGHT * (1.0 - BELOW), HEIGHT * BELOW];
    let above = ticks::numbers(y, (heights[0] / frame::PER_TICK) as usize);
    let percent: Vec<Tick> = ticks::numbers((falls.0 * 100.0, 0.0), 3)
        .into_iter()
        .map(|tick| Tick { at: tick.at / 100.0, text: tick.text + "%" })
        .collect();
    let margin = frame::margin(above.iter().chain(&percent).map(|tick| tick.text.as_str()));
    let room = page.room(margin, heights[0]);
    frame::left(&mut page.scene, room, &above, y);
    lines(page, room, equity, [x, y]);
    page.top = room.bottom() + 12.0;
    page.label("drawdown");
    let room = page.room(margin, heights[1]);
    frame::left(&mut page.scene, room, &percent, falls);
    if let [only] = drawdown {
        for part in parts(only, room, [x, falls]) {
            let (Some(first), Some(last)) = (part.first(), part.last()) else { continue };
            let ends = [(last.0, room.top), (first.0, room.top)];
            let points = part.iter().copied().chain(ends).collect();
            page.scene.shapes.push(Shape::Area { points, ink: Ink::Down });
            page.scene.line(part, 1.0, Ink::Down);
        }
    } else {
        lines(page, room, drawdown, [x, falls]);
    }
    below(page, axis, room, x);
    page.top = room.bottom() + frame::AXIS;
}

fn x_range(series: &[Series]) -> (f64, f64) {
    ticks::widened(range(series.iter().flat_map(|line| line.x.iter().copied())).unwrap_or((0.0, 1.0)), 0.0)
}

fn y_range(series: &[Series]) -> (f64, f64) {
    ticks::widened(range(series.iter().flat_map(|line| line.y.iter().copied())).unwrap_or((0.0, 1.0)), 0.02)
}

fn lines(page: &mut Page, room: Room, series: &[Series], ranges: [(f64, f64); 2]) {
    let (mut drawn, mut total) = (0, 0);
    for (number, line) in series.iter().enumerate() {
        for part in parts(line, room, ranges) {
            drawn += part.len();
            page.scene.line(part, 1.5, Ink::Series(number));
        }
        total += line.y.iter().filter(|y| y.is_finite()).count();
    }
    let note = sample::note(drawn, total);
    let is_drawdown = ranges[1].1 == 0.0;
    if drawn < total && !is_drawdown {
        page.notes.push(note);
    }
}

/// The pieces of a line between its gaps, as places on the page.
fn parts(line: &Series, room: Room, [x, y]: [(f64, f64); 2]) -> Vec<Vec<(f64, f64)>> {
    let few = sample::line(line, room.width as usize, x);
    let points: Vec<(f64, f64)> = few.x.iter().copied().zip(few.y.iter().copied()).collect();
    let place = |(px, py): &(f64, f64)| (room.x(*px, x), room.y(*py, y));
    let pieces = points.split(|(_, py)| !py.is_finite()).filter(|piece| !piece.is_empty());
    pieces.map(|piece| piece.iter().map(place).collect()).collect()
}

fn below(page: &mut Page, axis: &Axis, room: Room, x: (f64, f64)) {
    let places = frame::as_many_as_fit(room, (room.left, ticks::lone(axis.scale, x.0)), |most| {
        ticks::ticks(axis.scale, x, most).into_iter().map(|tick| (room.x(tick.at, x), tick.text)).collect()
    });
    frame::below(&mut page.scene, room, &places);
}

fn legend(series: &[Series], sample: Sample) -> Vec<Entry> {
    let entry = |(number, line): (usize, &Series)| (sample, Ink::Series(number), line.name.clone());
    if series.len() < 2 { vec![] } else { series.iter().enumerate().map(entry).collect() }
}
