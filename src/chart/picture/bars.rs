//! Bars by name, and counts of values.

use super::draw::{HEIGHT, Page, cut};
use super::frame::{self, Entry, SMALL, Sample};
use super::scene::{Anchor, Ink};
use crate::chart::bins::bins;
use crate::chart::model::{Bars, Histogram, range};
use crate::chart::ticks;

/// Most ranges of a histogram.
const MOST_BINS: usize = 60;

/// Width of the names of bars at most.
const NAMES: f64 = 240.0;

/// Upright bars of counts.
pub(super) fn histogram(page: &mut Page, histogram: &Histogram) {
    let bins = bins(&histogram.values, MOST_BINS);
    let most = bins.counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let y = (0.0, most * 1.03);
    // Values are counted whole.
    let ticks = ticks::numbers(y, (most as usize).min((HEIGHT / frame::PER_TICK) as usize));
    let room = page.room(frame::margin(ticks.iter().map(|tick| tick.text.as_str())), HEIGHT);
    frame::left(&mut page.scene, room, &ticks, y);
    let end = bins.low + bins.step * bins.counts.len().max(1) as f64;
    let each = room.width / bins.counts.len().max(1) as f64;
    for (bin, count) in bins.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let top = room.y(*count as f64, y).min(room.bottom() - 1.0);
        let left = room.left + bin as f64 * each;
        page.scene.rect((left + 0.5, top), ((each - 1.0).max(0.5), room.bottom() - top), Ink::Series(0));
    }
    let places = frame::as_many_as_fit(room, (room.left, ticks::value(bins.low)), |most| {
        let ticks = ticks::numbers((bins.low, end), most).into_iter();
        ticks.map(|tick| (room.x(tick.at, (bins.low, end)), tick.text)).collect()
    });
    frame::below(&mut page.scene, room, &places);
    page.notes.push(format!("{} values in ranges of {}", histogram.values.len(), ticks::value(bins.step)));
    page.top = room.bottom() + frame::AXIS;
}

/// Lying bars.
pub(super) fn bars(page: &mut Page, bars: &Bars) {
    let entry = |(number, (name, _)): (usize, &(String, Vec<f64>))| (Sample::Box, Ink::Series(number), name.clone());
    let entries: Vec<Entry> = bars.series.iter().enumerate().map(entry).collect();
    page.legend(if entries.len() > 1 { &entries } else { &[] });
    let names: Vec<String> = bars.names.iter().map(|name| cut(name, NAMES, SMALL)).collect();
    let thick = if bars.series.len() > 1 { 12.0 } else { 18.0 };
    let row = thick * bars.series.len() as f64 + 8.0;
    let room = page.room(frame::margin(names.iter().map(String::as_str)), row * names.len() as f64);
    let values = bars.series.iter().flat_map(|(_, values)| values.iter().copied());
    let x = ticks::widened(range(values.chain([0.0])).unwrap_or((0.0, 1.0)), 0.0);
    // Room for the number behind the longest bar.
    let x = (if x.0 < 0.0 { x.0 - (x.1 - x.0) * 0.08 } else { x.0 }, x.1 + (x.1 - x.0) * 0.08);
    for (number, (_, values)) in bars.series.iter().enumerate() {
        for (at, value) in values.iter().enumerate() {
            let top = room.top + at as f64 * row + 4.0 + number as f64 * thick;
            let (zero, end) = (room.x(0.0, x), room.x(*value, x));
            if !value.is_finite() {
                let at = (zero + 4.0, top + thick * 0.75);
                page.scene.text(at, "no value", (11.0, Anchor::Start, Ink::Muted));
                continue;
            }
            page.scene.rect((zero.min(end), top), ((end - zero).abs().max(0.5), thick - 1.0), Ink::Series(number));
            let (place, anchor) = if *value < 0.0 { (end - 4.0, Anchor::End) } else { (end + 4.0, Anchor::Start) };
            page.scene.text((place, top + thick * 0.75), &ticks::value(*value), (11.0, anchor, Ink::Muted));
        }
    }
    for (at, name) in names.iter().enumerate() {
        let place = (room.left - 8.0, room.top + (at as f64 + 0.5) * row + SMALL * 0.35);
        page.scene.text(place, name, (SMALL, Anchor::End, Ink::Text));
    }
    let zero = room.x(0.0, x);
    page.scene.line(vec![(zero, room.top), (zero, room.bottom())], 1.0, Ink::Muted);
    page.top = room.bottom() + 12.0;
}
