//! Lines, points, and the account with its drawdown.

use super::canvas::{ACROSS, Canvas, DOWN, Ink, Pattern};
use super::frame;
use super::render::{Drawing, Look};
use crate::chart::model::{Axis, Series, range};
use crate::chart::sample;
use crate::chart::ticks::{self, Tick};

/// Rows of a chart for each tick of its vertical axis.
pub(super) const ROWS_PER_TICK: usize = 2;

/// Points up to this number are drawn as characters, more of them as dots.
const FEW_POINTS: usize = 200;

/// A rectangle that series are drawn into.
struct Pane<'a> {
    series: &'a [Series],
    x: (f64, f64),
    y: (f64, f64),
    ticks: Vec<Tick>,
    height: usize,
}

/// Lines over a time or a number.
pub(super) fn line(axis: &Axis, series: &[Series], look: Look) -> Drawing {
    let pane = Pane::new(series, look.height, None);
    let labels = frame::labels(&pane.ticks, pane.y, pane.height);
    let margin = frame::width(&labels);
    let columns = look.columns(margin);
    let (canvas, drawn) = pane.lines(columns, look, false);
    let mut lines = frame::with_labels(&canvas, &labels, margin, look.color);
    lines.extend(below(axis, pane.x, columns, margin, look));
    let total = series.iter().map(|line| line.x.len()).sum();
    Drawing { lines, legend: legend(series, look), notes: few(drawn, total) }
}

/// Points. They are all drawn.
pub(super) fn scatter(axis: &Axis, series: &[Series], look: Look) -> Drawing {
    let pane = Pane::new(series, look.height, None);
    let labels = frame::labels(&pane.ticks, pane.y, pane.height);
    let margin = frame::width(&labels);
    let columns = look.columns(margin);
    let mut canvas = Canvas::new(columns, pane.height);
    let total: usize = series.iter().map(|points| points.x.len()).sum();
    let mut owners = vec![None; columns * pane.height];
    let mut is_hidden = false;
    for (number, points) in series.iter().enumerate() {
        for (x, y) in points.x.iter().zip(&points.y).filter(|(_, y)| y.is_finite()) {
            let (column, row) = pane.place((*x, *y), (columns * ACROSS, pane.height * DOWN));
            let (column, row) = (column as usize, row as usize);
            let owner = &mut owners[row / DOWN * columns + column / ACROSS];
            is_hidden |= owner.replace(number).is_some_and(|before| before != number);
            let is_plain = look.color || series.len() == 1;
            match (is_plain, total < FEW_POINTS) {
                (true, false) => canvas.dot(column, row, Ink::Series(number)),
                (true, true) => canvas.put(column / ACROSS, row / DOWN, '•', Ink::Series(number)),
                (false, _) => canvas.put(column / ACROSS, row / DOWN, sign(number), Ink::Plain),
            }
        }
    }
    let mut lines = frame::with_labels(&canvas, &labels, margin, look.color);
    lines.extend(below(axis, pane.x, columns, margin, look));
    let mut legend = legend(series, look);
    for (number, entry) in legend.iter_mut().enumerate() {
        entry.0 = if look.color { '•' } else { sign(number) }.to_string();
    }
    let hidden = "where points of several groups share a place, the last group is seen".to_string();
    Drawing { lines, legend, notes: if is_hidden { vec![hidden] } else { vec![] } }
}

/// What points of a group look like without colours.
fn sign(group: usize) -> char {
    const SIGNS: [char; 8] = ['o', 'x', '+', '*', '#', '@', '%', '&'];
    SIGNS[group % SIGNS.len()]
}

/// The account above, and its drawdown hanging from zero below.
pub(super) fn equity(axis: &Axis, [equity, drawdown]: [&[Series]; 2], look: Look) -> Drawing {
    let low = (look.height / 3).max(3);
    let above = Pane::new(equity, look.height.saturating_sub(low).max(4), None);
    let below_zero = Pane::new(drawdown, low, Some(0.0));
    let labels = frame::labels(&above.ticks, above.y, above.height);
    let falls: Vec<Tick> = percent(below_zero.y, low);
    let fall_labels = frame::labels(&falls, below_zero.y, low);
    let margin = frame::width(&labels).max(frame::width(&fall_labels));
    let columns = look.columns(margin);
    let (canvas, drawn) = above.lines(columns, look, false);
    let mut lines = frame::with_labels(&canvas, &labels, margin, look.color);
    let title = if look.color { super::canvas::inked("drawdown", Ink::Faint, true) } else { "drawdown".into() };
    lines.push(format!("{} {title}", " ".repeat(margin + 1)));
    let (canvas, _) = below_zero.lines(columns, look, drawdown.len() == 1);
    lines.extend(frame::with_labels(&canvas, &fall_labels, margin, look.color));
    lines.extend(below(axis, above.x, columns, margin, look));
    let total = equity.iter().map(|line| line.x.len()).sum();
    Drawing { lines, legend: legend(equity, look), notes: few(drawn, total) }
}

/// Ticks of fractions in percent.
fn percent((low, high): (f64, f64), height: usize) -> Vec<Tick> {
    let ticks = ticks::numbers((low * 100.0, high * 100.0), (height / 2).max(2));
    ticks.into_iter().rev().map(|tick| Tick { at: tick.at / 100.0, text: tick.text + "%" }).collect()
}

impl<'a> Pane<'a> {
    fn new(series: &'a [Series], height: usize, zero: Option<f64>) -> Self {
        let x = range(series.iter().flat_map(|line| line.x.iter().copied())).unwrap_or((0.0, 1.0));
        let y = range(series.iter().flat_map(|line| line.y.iter().copied()).chain(zero)).unwrap_or((0.0, 1.0));
        let y = if y.0 == y.1 && zero.is_some() { (-0.01, 0.0) } else { ticks::widened(y, 0.0) };
        let ticks = ticks::numbers(y, (height / ROWS_PER_TICK).max(2));
        Pane { series, x: ticks::widened(x, 0.0), y, ticks, height }
    }

    /// The dot of a point.
    fn place(&self, (x, y): (f64, f64), (columns, rows): (usize, usize)) -> (i64, i64) {
        (frame::place(x, self.x, columns), rows as i64 - 1 - frame::place(y, self.y, rows))
    }

    /// The series as lines, and how many of their points were used.
    fn lines(&self, columns: usize, look: Look, is_filled: bool) -> (Canvas, usize) {
        let mut canvas = Canvas::new(columns, self.height);
        let count = (columns * ACROSS, self.height * DOWN);
        let mut drawn = 0;
        for (number, series) in self.series.iter().enumerate() {
            let points = sample::line(series, count.0, self.x);
            drawn += points.x.len();
            let ink = if is_filled { Ink::Down } else { Ink::Series(number) };
            let style = (ink, Pattern(if look.color { 0 } else { number }));
            let (mut last, mut steps) = (None, 0);
            for (x, y) in points.x.iter().zip(&points.y) {
                if !y.is_finite() {
                    last = None;
                    continue;
                }
                let place = self.place((*x, *y), count);
                let from = last.unwrap_or(place);
                if is_filled {
                    fill(&mut canvas, from, place, ink);
                } else {
                    canvas.segment(from, place, style, &mut steps);
                }
                last = Some(place);
            }
        }
        (canvas, drawn)
    }
}

/// Fills what lies between the upper edge and a line.
fn fill(canvas: &mut Canvas, from: (i64, i64), to: (i64, i64), ink: Ink) {
    for column in from.0.min(to.0)..=from.0.max(to.0) {
        let share = if to.0 == from.0 { 1.0 } else { (column - from.0) as f64 / (to.0 - from.0) as f64 };
        let row = (from.1 as f64 + (to.1 - from.1) as f64 * share).round() as i64;
        for row in 0..=row.max(0) {
            canvas.dot(column.max(0) as usize, row as usize, ink);
        }
    }
}

/// The horizontal axis.
pub(super) fn below(axis: &Axis, x: (f64, f64), columns: usize, margin: usize, look: Look) -> [String; 2] {
    let places = frame::as_many_as_fit(columns, (0, ticks::lone(axis.scale, x.0)), |most| {
        let ticks = ticks::ticks(axis.scale, x, most).into_iter();
        ticks.map(|tick| (frame::place(tick.at, x, columns) as usize, tick.text)).collect()
    });
    frame::axis(&places, columns, margin, look.color)
}

/// The names of several series, as the legend shows them.
pub(super) fn legend(series: &[Series], look: Look) -> Vec<(String, Ink, String)> {
    let entry = |(number, line): (usize, &Series)| {
        (Pattern(if look.color { 0 } else { number }).sample().to_string(), Ink::Series(number), line.name.clone())
    };
    if series.len() < 2 { vec![] } else { series.iter().enumerate().map(entry).collect() }
}

/// That few points stand for many.
fn few(drawn: usize, total: usize) -> Vec<String> {
    if drawn == total { vec![] } else { vec![sample::note(drawn, total)] }
}
