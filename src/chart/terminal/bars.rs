//! Bars by name, and counts of values.

use unicode_width::UnicodeWidthStr;

use super::canvas::{Canvas, Ink};
use super::frame::{self, cut};
use super::render::{Drawing, Look};
use super::xy::ROWS_PER_TICK;
use crate::chart::bins::bins;
use crate::chart::model::{Bars, Histogram, range};
use crate::chart::ticks;

/// Blocks of one to eight eighths of a character, from the bottom.
const RISING: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Blocks of one to eight eighths of a character, from the left.
const GROWING: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

/// What the bars of further series are made of without colours.
const FILLS: [char; 4] = ['█', '▒', '░', '▓'];

/// Most columns of one range of a histogram.
const MOST_COLUMNS: usize = 6;

/// Upright bars of counts.
pub(super) fn histogram(histogram: &Histogram, look: Look) -> Drawing {
    let most = (look.columns(8) / 2).clamp(6, 60);
    let bins = bins(&histogram.values, most);
    let top = bins.counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let y = (0.0, top);
    let labels = frame::labels(&ticks::numbers(y, (look.height / ROWS_PER_TICK).max(2)), y, look.height);
    let margin = frame::width(&labels);
    let columns = look.columns(margin);
    let each = (columns / bins.counts.len().max(1)).clamp(1, MOST_COLUMNS);
    let mut canvas = Canvas::new(columns, look.height);
    for (bin, count) in bins.counts.iter().enumerate() {
        // What is not zero is never shown as zero.
        let eighths = (*count as f64 / top * (look.height * 8) as f64).round() as usize;
        let eighths = if *count > 0 { eighths.max(1) } else { 0 };
        let broad = if each > 1 { each - 1 } else { each };
        for column in bin * each..bin * each + broad {
            rise(&mut canvas, column, eighths);
        }
    }
    let mut lines = frame::with_labels(&canvas, &labels, margin, look.color);
    let end = bins.low + bins.step * bins.counts.len() as f64;
    let drawn = bins.counts.len() * each;
    let place = |at: f64| ((at - bins.low) / bins.step * each as f64).round() as usize;
    let edges = frame::as_many_as_fit(drawn, (0, ticks::value(bins.low)), |most| {
        ticks::numbers((bins.low, end), most).into_iter().map(|tick| (place(tick.at), tick.text)).collect()
    });
    lines.extend(frame::axis(&edges, columns, margin, look.color));
    let step = ticks::value(bins.step);
    let note = format!("{} values in ranges of {step}", histogram.values.len());
    Drawing { lines, legend: vec![], notes: vec![note] }
}

fn rise(canvas: &mut Canvas, column: usize, eighths: usize) {
    for row in 0..eighths.div_ceil(8) {
        let part = (eighths - row * 8).min(8);
        canvas.put(column, canvas.height - 1 - row, RISING[part - 1], Ink::Series(0));
    }
}

/// Lying bars, with their names and values at the left.
pub(super) fn bars(bars: &Bars, look: Look) -> Drawing {
    let values = bars.series.iter().flat_map(|(_, values)| values.iter().copied());
    let (low, high) = range(values.chain([0.0])).unwrap_or((0.0, 1.0));
    let span = if high > low { high - low } else { 1.0 };
    let names = bars.names.iter().map(|name| name.width()).max().unwrap_or(0).min(look.width / 3);
    let all: Vec<f64> = bars.series.iter().flat_map(|(_, values)| values.iter().copied()).collect();
    let texts = ticks::alike(&all, 3);
    let numbers = texts.iter().map(|text| text.width()).max().unwrap_or(0);
    let columns = look.columns(names + numbers + 2);
    let zero = (-low / span * columns as f64).round() as usize;
    let mut lines = vec![];
    for (row, name) in bars.names.iter().enumerate() {
        for (number, (_, values)) in bars.series.iter().enumerate() {
            let name = if number == 0 { cut(name, names) } else { String::new() };
            let blanks = " ".repeat(names.saturating_sub(name.width()));
            let mut canvas = Canvas::new(columns, 1);
            let fill = if look.color { FILLS[0] } else { FILLS[number % FILLS.len()] };
            bar(&mut canvas, values[row] / span * columns as f64, zero, (fill, Ink::Series(number)));
            let axis = super::canvas::inked("│", Ink::Faint, look.color);
            let drawn = canvas.rows(look.color).concat();
            let text = &texts[number * bars.names.len() + row];
            lines.push(format!("{blanks}{name} {text:>numbers$} {axis}{drawn}"));
        }
    }
    let entry = |(number, (name, _)): (usize, &(String, Vec<f64>))| {
        let fill = if look.color { FILLS[0] } else { FILLS[number % FILLS.len()] };
        (fill.to_string().repeat(2), Ink::Series(number), name.clone())
    };
    let legend = if bars.series.len() > 1 { bars.series.iter().enumerate().map(entry).collect() } else { vec![] };
    Drawing { lines, legend, notes: vec![] }
}

/// A bar of so many columns from zero to the right, or to the left if negative.
fn bar(canvas: &mut Canvas, length: f64, zero: usize, (fill, ink): (char, Ink)) {
    if !length.is_finite() {
        return;
    }
    if length < 0.0 {
        let halves = (-length * 2.0).round().max(1.0) as usize;
        for column in 0..halves / 2 {
            canvas.put(zero.saturating_sub(column + 1), 0, fill, ink);
        }
        if halves % 2 == 1 && zero > halves / 2 {
            canvas.put(zero - halves / 2 - 1, 0, '▐', ink);
        }
        return;
    }
    let eighths = (length * 8.0).round() as usize;
    let eighths = if length > 0.0 { eighths.max(1) } else { 0 };
    for column in 0..eighths / 8 {
        canvas.put(zero + column, 0, fill, ink);
    }
    if eighths % 8 > 0 {
        canvas.put(zero + eighths / 8, 0, GROWING[eighths % 8 - 1], ink);
    }
}
