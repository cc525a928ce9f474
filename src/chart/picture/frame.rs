//! Axes, legends, and the room that they leave.

use super::font;
use super::scene::{Anchor, Ink, Room, Scene, Shape};
use crate::chart::ticks::Tick;

/// Size of the texts at axes.
pub(super) const SMALL: f64 = 12.0;

/// Distance of a text from its axis.
const GAP: f64 = 8.0;

/// Height of a horizontal axis with its texts.
pub(super) const AXIS: f64 = 26.0;

/// Vertical pixels for each tick.
pub(super) const PER_TICK: f64 = 48.0;

/// Width of the widest of the texts, and their distance from the axis.
pub(super) fn margin<'a>(texts: impl IntoIterator<Item = &'a str>) -> f64 {
    texts.into_iter().map(|text| font::width(text, SMALL)).fold(0.0, f64::max) + GAP
}

/// The vertical axis: a line across the room at each tick, and its text at the left.
pub(super) fn left(scene: &mut Scene, room: Room, ticks: &[Tick], range: (f64, f64)) {
    let place = |tick: &Tick| room.y(tick.at, range);
    let lines = ticks.iter().map(place).map(|y| [(room.left, y), (room.left + room.width, y)]).collect();
    scene.shapes.push(Shape::Strokes { lines, width: 1.0, ink: Ink::Grid });
    for tick in ticks {
        let at = (room.left - GAP, place(tick) + SMALL * 0.35);
        scene.text(at, &tick.text, (SMALL, Anchor::End, Ink::Muted));
    }
}

/// The horizontal axis below the room.
pub(super) fn below(scene: &mut Scene, room: Room, places: &[(f64, String)]) {
    let (left, right, y) = (room.left, room.left + room.width, room.bottom());
    scene.line(vec![(left, y), (right, y)], 1.0, Ink::Muted);
    let ticks = places.iter().map(|(x, _)| [(*x, y), (*x, y + 4.0)]).collect();
    scene.shapes.push(Shape::Strokes { lines: ticks, width: 1.0, ink: Ink::Muted });
    for (x, text) in places {
        let half = font::width(text, SMALL) / 2.0;
        // A text at the very end stays on the page.
        let x = x.clamp(half + 2.0, (scene.width - half - 2.0).max(half + 2.0));
        scene.text((x, y + 18.0), text, (SMALL, Anchor::Middle, Ink::Muted));
    }
}

/// The most ticks whose texts have room beside each other. `at_most` gives at most so many;
/// `start` stands alone where there is none.
pub(super) fn as_many_as_fit(
    room: Room,
    start: (f64, String),
    at_most: impl Fn(usize) -> Vec<(f64, String)>,
) -> Vec<(f64, String)> {
    const LEAST: f64 = 48.0;
    const BETWEEN: f64 = 16.0;
    let fits = |ticks: &Vec<(f64, String)>| {
        let broad = ticks.iter().map(|(_, text)| font::width(text, SMALL)).fold(0.0, f64::max) + BETWEEN;
        ticks.windows(2).all(|pair| pair[1].0 - pair[0].0 >= broad)
    };
    (1..=(room.width / LEAST) as usize)
        .rev()
        .map(at_most)
        .find(|ticks| !ticks.is_empty() && fits(ticks))
        .unwrap_or_else(|| vec![start])
}

/// How a legend shows what it names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sample {
    Line,
    Box,
    Up,
    Down,
    Cross,
}

/// One name of a legend.
pub(super) type Entry = (Sample, Ink, String);

/// The legend from a place on, in rows of at most a width; its height.
pub(super) fn legend(scene: &mut Scene, (left, top): (f64, f64), width: f64, entries: &[Entry]) -> f64 {
    const ROW: f64 = 20.0;
    const SAMPLE: f64 = 24.0;
    let (mut x, mut y) = (left, top);
    for (sample, ink, name) in entries {
        let broad = SAMPLE + font::width(name, SMALL) + 18.0;
        if x > left && x + broad > left + width {
            (x, y) = (left, y + ROW);
        }
        let middle = y + ROW / 2.0;
        match sample {
            Sample::Line => scene.line(vec![(x, middle), (x + 18.0, middle)], 2.0, *ink),
            Sample::Box => scene.rect((x + 4.0, middle - 5.0), (10.0, 10.0), *ink),
            Sample::Up => scene.shapes.push(triangle((x + 9.0, middle - 5.0), true, *ink)),
            Sample::Down => scene.shapes.push(triangle((x + 9.0, middle + 5.0), false, *ink)),
            Sample::Cross => scene.shapes.push(cross((x + 9.0, middle), *ink)),
        }
        scene.text((x + SAMPLE, middle + SMALL * 0.35), name, (SMALL, Anchor::Start, Ink::Text));
        x += broad;
    }
    if entries.is_empty() { 0.0 } else { y - top + ROW + 4.0 }
}

/// A triangle whose tip is at a place and points up or down.
pub(super) fn triangle(tip: (f64, f64), is_up: bool, ink: Ink) -> Shape {
    let height = if is_up { 10.0 } else { -10.0 };
    let corners = vec![[tip, (tip.0 - 5.5, tip.1 + height), (tip.0 + 5.5, tip.1 + height)]];
    Shape::Triangles { corners, ink }
}

/// A small cross.
pub(super) fn cross((x, y): (f64, f64), ink: Ink) -> Shape {
    let lines = vec![[(x - 4.0, y - 4.0), (x + 4.0, y + 4.0)], [(x - 4.0, y + 4.0), (x + 4.0, y - 4.0)]];
    Shape::Strokes { lines, width: 2.0, ink }
}
