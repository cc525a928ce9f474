//! From a chart to lines of text: headline, drawing, legend, notes.

use unicode_width::UnicodeWidthStr;

use super::canvas::{Ink, inked};
use super::frame::cut;
use super::{bars, candles, heatmap, xy};
use crate::chart::headline::headline;
use crate::chart::model::{Chart, Plot, Scale};

/// What the terminal allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Columns that the chart may take; at least 30 are used.
    pub width: usize,
    /// Rows of the drawing itself, without headline, axis and notes. Heatmaps and bars have a row for each of theirs.
    pub height: usize,
    /// Whether escape sequences for colours are understood.
    pub color: bool,
}

/// Fewest columns of a chart: a narrower terminal breaks the lines.
const LEAST_WIDTH: usize = 30;

/// Fewest rows of a drawing.
const LEAST_HEIGHT: usize = 6;

impl Look {
    /// Columns right of the labels and of the axis.
    pub(super) fn columns(self, labels: usize) -> usize {
        self.width.saturating_sub(labels + 2).max(10)
    }
}

/// What a kind of chart draws.
pub(super) struct Drawing {
    /// Lines, with escape sequences if there are colours.
    pub(super) lines: Vec<String>,
    /// Sample, colour and name of what is drawn.
    pub(super) legend: Vec<(String, Ink, String)>,
    /// Sentences below.
    pub(super) notes: Vec<String>,
}

/// A chart as text: every line ends with a line feed, and none is longer than the width.
pub fn render(chart: &Chart, look: Look) -> String {
    let look = Look { width: look.width.max(LEAST_WIDTH), height: look.height.max(LEAST_HEIGHT), ..look };
    let drawing = match &chart.plot {
        Plot::Line(series) => xy::line(&chart.x, series, look),
        Plot::Scatter(series) => xy::scatter(&chart.x, series, look),
        Plot::Equity { equity, drawdown } => xy::equity(&chart.x, [equity, drawdown], look),
        Plot::Candles(bars) => candles::candles(bars, look),
        Plot::Histogram(histogram) => bars::histogram(histogram, look),
        Plot::Bars(bars) => bars::bars(bars, look),
        Plot::Heatmap(map) => heatmap::heatmap(map, [&chart.x, &chart.y], look),
    };
    let mut lines = vec![];
    let title = headline(chart);
    if !title.is_empty() {
        lines.push(cut(&title, look.width));
    }
    let is_told = |label: &str| label.is_empty() || title.contains(label);
    if chart.y.scale == Scale::Number && !is_told(&chart.y.label) {
        lines.push(inked(&cut(&chart.y.label, look.width), Ink::Faint, look.color));
    }
    lines.extend(drawing.lines);
    if chart.x.scale == Scale::Number && !is_told(&chart.x.label) {
        let label = cut(&chart.x.label, look.width);
        lines.push(" ".repeat((look.width - label.width()) / 2) + &inked(&label, Ink::Faint, look.color));
    }
    lines.extend(wrapped(&drawing.legend, look));
    for note in chart.notes.iter().chain(&drawing.notes) {
        lines.extend(folded(note, look.width).iter().map(|line| inked(line, Ink::Faint, look.color)));
    }
    lines.join("\n") + "\n"
}

/// The entries of a legend in as few lines as possible.
fn wrapped(legend: &[(String, Ink, String)], look: Look) -> Vec<String> {
    const BETWEEN: &str = "   ";
    let mut lines: Vec<(usize, String)> = vec![];
    for (sample, ink, name) in legend {
        let name = cut(name, look.width.saturating_sub(sample.width() + 1));
        let width = sample.width() + 1 + name.width();
        let entry = format!("{} {name}", inked(sample, *ink, look.color));
        match lines.last_mut() {
            Some((used, line)) if *used + BETWEEN.len() + width <= look.width => {
                *used += BETWEEN.len() + width;
                line.push_str(BETWEEN);
                line.push_str(&entry);
            }
            _ => lines.push((width, entry)),
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}

/// A sentence in lines of at most so many columns.
fn folded(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(cut(word, width)),
        }
    }
    lines
}
