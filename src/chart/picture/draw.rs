//! From a chart to a page: headline, legend, drawing, notes.

use super::scene::{Anchor, Ink, Room, Scene};
use super::{bars, candles, describe, font, frame, heatmap, xy};
use crate::chart::headline::headline;
use crate::chart::model::{Chart, Plot, Scale};

/// Width of every page.
const WIDTH: f64 = 960.0;

/// Height of a drawing that has no rows of its own.
pub(super) const HEIGHT: f64 = 420.0;

const EDGE: f64 = 16.0;
const TITLE: f64 = 17.0;

/// A page that grows from top to bottom.
pub(super) struct Page {
    pub(super) scene: Scene,
    /// Where the next part begins.
    pub(super) top: f64,
    /// What is told below the drawing.
    pub(super) notes: Vec<String>,
}

impl Page {
    /// The room between two margins, from the present top on.
    pub(super) fn room(&self, left: f64, height: f64) -> Room {
        let left = EDGE + left;
        Room { left, top: self.top, width: self.scene.width - left - EDGE, height }
    }

    /// Puts a legend there.
    pub(super) fn legend(&mut self, entries: &[frame::Entry]) {
        self.top += frame::legend(&mut self.scene, (EDGE, self.top), WIDTH - 2.0 * EDGE, entries);
    }

    /// Puts a small line of text there.
    pub(super) fn label(&mut self, text: &str) {
        if !text.is_empty() {
            let text = cut(text, WIDTH - 2.0 * EDGE, frame::SMALL);
            self.scene.text((EDGE, self.top + 12.0), &text, (frame::SMALL, Anchor::Start, Ink::Muted));
            self.top += 22.0;
        }
    }
}

/// The page of a chart.
pub(in crate::chart) fn scene(chart: &Chart) -> Scene {
    let title = headline(chart);
    let description = describe::describe(chart);
    let scene = Scene { width: WIDTH, height: 0.0, title: title.clone(), description, shapes: vec![] };
    let mut page = Page { scene, top: EDGE, notes: chart.notes.clone() };
    if !title.is_empty() {
        let text = cut(&title, WIDTH - 2.0 * EDGE, TITLE);
        page.scene.text((EDGE, page.top + TITLE), &text, (TITLE, Anchor::Start, Ink::Text));
        page.top += TITLE + 16.0;
    }
    let is_told = |label: &str| title.contains(label);
    if chart.y.scale == Scale::Number && !is_told(&chart.y.label) {
        page.label(&chart.y.label);
    }
    match &chart.plot {
        Plot::Line(series) => xy::line(&mut page, &chart.x, series),
        Plot::Scatter(series) => xy::scatter(&mut page, &chart.x, series),
        Plot::Equity { equity, drawdown } => xy::equity(&mut page, &chart.x, [equity, drawdown]),
        Plot::Candles(bars) => candles::candles(&mut page, bars),
        Plot::Histogram(histogram) => bars::histogram(&mut page, histogram),
        Plot::Bars(bars) => bars::bars(&mut page, bars),
        Plot::Heatmap(map) => heatmap::heatmap(&mut page, map, &chart.y),
    }
    let is_heatmap = matches!(chart.plot, Plot::Heatmap(_));
    if is_heatmap || chart.x.scale == Scale::Number && !is_told(&chart.x.label) {
        let at = (WIDTH / 2.0, page.top + 12.0);
        page.scene.text(at, &chart.x.label, (frame::SMALL, Anchor::Middle, Ink::Muted));
        page.top += 22.0;
    }
    for note in std::mem::take(&mut page.notes) {
        page.label(&note);
    }
    page.scene.height = (page.top + EDGE / 2.0).ceil();
    page.scene
}

/// A text of at most a width, with an ellipsis for what is cut.
pub(super) fn cut(text: &str, width: f64, size: f64) -> String {
    if font::width(text, size) <= width {
        return text.to_string();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if font::width(&short, size) + font::width("M…", size) > width {
            break;
        }
        short.push(letter);
    }
    short + "…"
}
