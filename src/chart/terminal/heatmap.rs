//! A value for each pair of two parameters.

use unicode_width::UnicodeWidthStr;

use super::canvas::{Canvas, Ink, inked};
use super::frame::{self, cut};
use super::render::{Drawing, Look};
use crate::chart::model::{Axis, Heatmap, range};
use crate::chart::ticks;

/// From the smallest to the largest value, without colours.
const SHADES: [char; 5] = ['·', '░', '▒', '▓', '█'];

/// The same in the 256 colours: dark violet to yellow.
const COLORS: [u8; 9] = [54, 61, 25, 31, 36, 35, 71, 148, 226];

/// The first of [`COLORS`] on which text is dark.
const FIRST_LIGHT: usize = 4;

/// Most columns of a cell without its number.
const MOST_COLUMNS: usize = 8;

/// A row of cells for each value of the vertical parameter, the largest at the top. Cells show their numbers if there is
/// room for them.
pub(super) fn heatmap(map: &Heatmap, [x, y]: [&Axis; 2], look: Look) -> Drawing {
    let range = range(map.values.iter().copied()).unwrap_or((0.0, 0.0));
    let margin = map.rows.iter().map(|row| row.width()).max().unwrap_or(0).min(look.width / 4).max(1);
    let columns = look.columns(margin);
    let texts = ticks::alike(&map.values, 3);
    let broad = texts.iter().chain(&map.columns).map(|text| text.width()).max().unwrap_or(0) + 2;
    // Without colours a shade stands before the number.
    let broad = if look.color { broad } else { broad + 2 };
    let count = map.columns.len().max(1);
    let has_numbers = broad * count <= columns;
    let each = if has_numbers { broad } else { (columns / count).clamp(1, MOST_COLUMNS) };
    let drawn = count.min(columns / each);
    let mut canvas = Canvas::new(drawn * each, map.rows.len());
    for row in 0..map.rows.len() {
        for column in 0..drawn {
            let at = (map.rows.len() - 1 - row) * map.columns.len() + column;
            let text = if has_numbers { texts[at].as_str() } else { "" };
            cell(&mut canvas, (column * each, row), (share(map.values[at], range), text, each), look);
        }
    }
    let labels: Vec<(usize, String)> = map.rows.iter().rev().map(|name| cut(name, margin)).enumerate().collect();
    let mut lines = vec![inked(&cut(&y.label, look.width), Ink::Faint, look.color)];
    lines.extend(frame::with_labels(&canvas, &labels, margin, look.color));
    let names = map.columns.iter().take(drawn).enumerate();
    let names: Vec<(usize, String)> = names.map(|(column, name)| (column * each + each / 2, name.clone())).collect();
    let [line, texts] = frame::axis(&names, drawn * each, margin, look.color);
    lines.extend([line, texts]);
    let middle = margin + 2 + (drawn * each).saturating_sub(x.label.width()) / 2;
    lines.push(" ".repeat(middle) + &inked(&x.label, Ink::Faint, look.color));
    lines.push(scale(map, range, look));
    let mut notes = vec![];
    if drawn < count {
        notes.push(format!("{drawn} of {count} columns fit; a wider terminal or a file shows all"));
    }
    Drawing { lines, legend: vec![], notes }
}

/// Where a value lies between the smallest and the largest; `None` for none.
fn share(value: f64, (low, high): (f64, f64)) -> Option<f64> {
    value.is_finite().then(|| if high > low { (value - low) / (high - low) } else { 0.5 })
}

fn step(share: f64, count: usize) -> usize {
    ((share * count as f64) as usize).min(count - 1)
}

fn cell(canvas: &mut Canvas, (left, row): (usize, usize), (share, text, each): (Option<f64>, &str, usize), look: Look) {
    let Some(share) = share else { return };
    if look.color {
        let color = step(share, COLORS.len());
        let ink = Ink::On(COLORS[color], color >= FIRST_LIGHT);
        canvas.text(left, row, &format!("{text:^each$}"), ink);
        return;
    }
    let shade = SHADES[step(share, SHADES.len())];
    if text.is_empty() {
        canvas.text(left, row, &shade.to_string().repeat(each), Ink::Plain);
    } else {
        canvas.text(left, row, &format!("{shade}{text:^width$}", width = each - 1), Ink::Plain);
    }
}

/// What the shades mean.
fn scale(map: &Heatmap, (low, high): (f64, f64), look: Look) -> String {
    let shades: String = if look.color {
        let block = |(at, color): (usize, &u8)| inked("  ", Ink::On(*color, at >= FIRST_LIGHT), true);
        COLORS.iter().enumerate().map(block).collect()
    } else {
        SHADES.iter().collect()
    };
    format!("{}: {} {shades} {}", map.label, ticks::value(low), ticks::value(high))
}
