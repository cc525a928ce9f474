//! The axes around a canvas.

use unicode_width::UnicodeWidthStr;

use super::canvas::{Canvas, Ink, inked};
use crate::chart::ticks::Tick;

/// Texts at the left of a canvas: the row and the text of each.
pub(super) type Labels = Vec<(usize, String)>;

/// Blanks between two texts of a horizontal axis.
const BETWEEN: usize = 2;

/// The row of dots of a value, from the top; values beyond the range stand at its ends.
pub(super) fn place(value: f64, (low, high): (f64, f64), count: usize) -> i64 {
    let last = count.saturating_sub(1) as f64;
    (((value - low) / (high - low)).clamp(0.0, 1.0) * last).round() as i64
}

/// The rows of ticks on a vertical axis of so many characters; of two in one row the first stays.
pub(super) fn labels(ticks: &[Tick], range: (f64, f64), height: usize) -> Labels {
    let mut labels: Labels = vec![];
    for tick in ticks {
        let row = height - 1 - place(tick.at, range, height) as usize;
        if labels.iter().all(|(other, _)| *other != row) {
            labels.push((row, tick.text.clone()));
        }
    }
    labels
}

/// Columns that labels need.
pub(super) fn width(labels: &Labels) -> usize {
    labels.iter().map(|(_, text)| text.width()).max().unwrap_or(0)
}

/// A canvas with its vertical axis at the left; `width` is that of the labels.
pub(super) fn with_labels(canvas: &Canvas, labels: &Labels, width: usize, color: bool) -> Vec<String> {
    let line = |(row, text): (usize, String)| {
        let label = labels.iter().find(|(at, _)| *at == row).map_or("", |(_, text)| text);
        let blanks = " ".repeat(width.saturating_sub(label.width()));
        let axis = inked(if label.is_empty() { "│" } else { "┤" }, Ink::Faint, color);
        format!("{blanks}{label} {axis}{text}")
    };
    canvas.rows(color).into_iter().enumerate().map(line).collect()
}

/// The most ticks of a horizontal axis whose texts have room beside each other. `at_most` gives at most so many;
/// `start` stands alone where there is none.
pub(super) fn as_many_as_fit(
    columns: usize,
    start: (usize, String),
    at_most: impl Fn(usize) -> Vec<(usize, String)>,
) -> Vec<(usize, String)> {
    /// Columns of the shortest text and the room around it.
    const LEAST: usize = 6;
    let fits = |ticks: &Vec<(usize, String)>| {
        let starts = ticks.iter().map(|(column, text)| start_of(*column, text, columns));
        let ends = starts.clone().zip(ticks).map(|(start, (_, text))| start + text.chars().count());
        starts.skip(1).zip(ends).all(|(start, end)| start >= end + BETWEEN)
    };
    (1..=columns / LEAST)
        .rev()
        .map(at_most)
        .find(|ticks| !ticks.is_empty() && fits(ticks))
        .unwrap_or_else(|| vec![start])
}

/// Where a text begins that is centred below a column, or ends with the axis.
fn start_of(column: usize, text: &str, columns: usize) -> usize {
    let length = text.chars().count();
    column.saturating_sub(length / 2).min(columns.saturating_sub(length))
}

/// The horizontal axis below a canvas of so many columns: a line and its texts, each centred below its column where it
/// does not run into the one before it.
pub(super) fn axis(places: &[(usize, String)], columns: usize, labels: usize, color: bool) -> [String; 2] {
    let mut line = vec!['─'; columns];
    let mut texts = vec![' '; columns];
    let mut free = 0;
    for (column, text) in places {
        let length = text.chars().count();
        if *column >= columns || length > columns {
            continue;
        }
        let start = start_of(*column, text, columns);
        if start < free {
            continue;
        }
        line[*column] = '┬';
        for (at, character) in text.chars().enumerate() {
            texts[start + at] = character;
        }
        free = start + length + BETWEEN;
    }
    let line: String = std::iter::once('└').chain(line).collect();
    let blanks = " ".repeat(labels + 1);
    let texts: String = texts.into_iter().collect();
    [format!("{blanks}{}", inked(&line, Ink::Faint, color)), format!("{blanks} {}", texts.trim_end())]
}

/// A text of at most so many columns, with an ellipsis for what is cut.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_string();
    }
    let mut short = String::new();
    for character in text.chars() {
        if short.width() + unicode_width::UnicodeWidthChar::width(character).unwrap_or(0) + 1 > columns {
            break;
        }
        short.push(character);
    }
    short + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_leaves_out_what_would_overlap() {
        let places = [(0, "2020".to_string()), (3, "2021".into()), (10, "2022".into())];
        let [line, texts] = axis(&places, 12, 2, false);
        assert_eq!(line, "   └┬─────────┬─");
        assert_eq!(texts, "    2020    2022");
    }

    #[test]
    fn values_have_rows() {
        assert_eq!([place(0.0, (0.0, 1.0), 5), place(0.5, (0.0, 1.0), 5), place(9.0, (0.0, 1.0), 5)], [0, 2, 4]);
        let ticks = [Tick { at: 0.0, text: "0".into() }, Tick { at: 1.0, text: "1".into() }];
        assert_eq!(labels(&ticks, (0.0, 1.0), 4), [(3, "0".to_string()), (0, "1".into())]);
        assert_eq!((cut("abcdef", 4), cut("abc", 3)), ("abc…".to_string(), "abc".into()));
    }
}
