//! A value for each pair of two parameters.

use super::draw::{HEIGHT, Page, cut};
use super::font;
use super::frame::{self, SMALL};
use super::scene::{Anchor, Ink};
use crate::chart::model::{Axis, Heatmap, range};
use crate::chart::ticks;

/// Cells of the scale.
const STEPS: usize = 40;

/// The largest vertical value at the top. Cells show their numbers if there is room for them.
pub(super) fn heatmap(page: &mut Page, map: &Heatmap, y: &Axis) {
    let (low, high) = range(map.values.iter().copied()).unwrap_or((0.0, 0.0));
    let share = |value: f64| if high > low { (value - low) / (high - low) } else { 0.5 };
    scale(page, &map.label, (low, high));
    page.label(&y.label);
    let names: Vec<String> = map.rows.iter().map(|name| cut(name, 160.0, SMALL)).collect();
    let tall = (HEIGHT / map.rows.len().max(1) as f64).clamp(4.0, 44.0);
    let room = page.room(frame::margin(names.iter().map(String::as_str)), tall * map.rows.len() as f64);
    let broad = room.width / map.columns.len().max(1) as f64;
    let texts = ticks::alike(&map.values, 3);
    let widest = texts.iter().map(|text| font::width(text, 11.0)).fold(0.0, f64::max);
    let has_numbers = widest + 8.0 <= broad && tall >= 16.0;
    for (at, value) in map.values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
        let (row, column) = (map.rows.len() - 1 - at / map.columns.len(), at % map.columns.len());
        let place = (room.left + column as f64 * broad, room.top + row as f64 * tall);
        page.scene.rect(place, ((broad - 1.0).max(1.0), (tall - 1.0).max(1.0)), Ink::Heat(share(*value)));
        if has_numbers {
            let middle = (place.0 + broad / 2.0, place.1 + tall / 2.0 + 4.0);
            page.scene.text(middle, &texts[at], (11.0, Anchor::Middle, Ink::OnHeat(share(*value))));
        }
    }
    let every = (18.0 / tall).ceil().max(1.0) as usize;
    for (row, name) in names.iter().rev().enumerate().step_by(every) {
        let place = (room.left - 8.0, room.top + (row as f64 + 0.5) * tall + SMALL * 0.35);
        page.scene.text(place, name, (SMALL, Anchor::End, Ink::Muted));
    }
    let longest = map.columns.iter().map(|name| font::width(name, SMALL)).fold(0.0, f64::max) + 12.0;
    let every = (longest / broad).ceil().max(1.0) as usize;
    let places: Vec<(f64, String)> = map
        .columns
        .iter()
        .enumerate()
        .step_by(every)
        .map(|(column, name)| (room.left + (column as f64 + 0.5) * broad, name.clone()))
        .collect();
    frame::below(&mut page.scene, room, &places);
    page.top = room.bottom() + frame::AXIS;
}

/// What the colours mean.
fn scale(page: &mut Page, label: &str, (low, high): (f64, f64)) {
    let room = page.room(0.0, 14.0);
    let start = format!("{label}  {}", ticks::value(low));
    let style = (SMALL, Anchor::Start, Ink::Text);
    page.scene.text((room.left, room.top + 11.0), &start, style);
    let left = room.left + font::width(&start, SMALL) + 8.0;
    for step in 0..STEPS {
        let share = step as f64 / (STEPS - 1) as f64;
        page.scene.rect((left + step as f64 * 4.0, room.top), (4.5, 14.0), Ink::Heat(share));
    }
    page.scene.text((left + STEPS as f64 * 4.0 + 8.0, room.top + 11.0), &ticks::value(high), style);
    page.top += 28.0;
}
