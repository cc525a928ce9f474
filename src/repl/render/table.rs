//! The box for people.

use std::collections::VecDeque;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::SchemaRef;

use super::cell::{self, NULL};
use super::format::{Renderer, Style};
use super::layout::{Slot, Wish, fit};
use super::number::{grouped, plural};
use super::vertical::Vertical;
use crate::error::Result;
use crate::repl::highlight;

/// Collects the rows that it will show: all of them, or the first and the last ones.
pub struct Table {
    schema: SchemaRef,
    style: Style,
    first: Vec<RecordBatch>,
    last: VecDeque<RecordBatch>,
    kept: usize,
    total: usize,
}

impl Table {
    /// A table with these columns.
    pub fn new(schema: SchemaRef, style: Style) -> Self {
        Table { schema, style, first: vec![], last: VecDeque::new(), kept: 0, total: 0 }
    }

    /// Rows at the end that are kept besides the first ones.
    fn tail(&self) -> usize {
        self.style.max_rows.unwrap_or(0) / 2
    }

    fn keep_last(&mut self, batch: &RecordBatch) {
        let tail = self.tail();
        if tail == 0 || batch.num_rows() == 0 {
            return;
        }
        let rows = batch.num_rows().min(tail);
        self.last.push_back(batch.slice(batch.num_rows() - rows, rows));
        while self.last.iter().skip(1).map(RecordBatch::num_rows).sum::<usize>() >= tail {
            self.last.pop_front();
        }
    }

    /// The rows to show, how many of them stand above the gap, and how many are missing in it.
    fn rows(&self) -> Result<(RecordBatch, usize, usize)> {
        let first = concat_batches(&self.schema, &self.first)?;
        if self.total <= first.num_rows() {
            return Ok((first, self.total, 0));
        }
        let last = concat_batches(&self.schema, &self.last)?;
        let tail = self.tail().min(last.num_rows());
        let head = first.num_rows() - tail;
        let rows = concat_batches(&self.schema, [&first.slice(0, head), &last.slice(last.num_rows() - tail, tail)])?;
        let missing = self.total - rows.num_rows();
        Ok((rows, head, missing))
    }
}

impl Renderer for Table {
    fn batch(&mut self, batch: &RecordBatch, _: &mut Vec<u8>) -> Result<()> {
        let room = self.style.max_rows.map_or(usize::MAX, |most| most.max(1) - self.kept);
        if room > 0 {
            let rows = batch.num_rows().min(room);
            self.first.push(batch.slice(0, rows));
            self.kept += rows;
        }
        self.total += batch.num_rows();
        self.keep_last(batch);
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<u8>) -> Result<()> {
        if self.schema.fields().is_empty() {
            return Ok(());
        }
        let (rows, head, missing) = self.rows()?;
        let grid = Grid::new(&self.schema, &rows, &self.style)?;
        if self.style.turns && self.total == 1 && grid.slots.contains(&Slot::Gap) {
            return Vertical::new(self.schema.clone(), self.style.width).batch(&rows, out);
        }
        grid.render(head, missing, out);
        Ok(())
    }
}

/// The texts of a table and the place of its columns.
struct Grid {
    names: Vec<String>,
    types: Vec<String>,
    is_right: Vec<bool>,
    /// The values, `None` for NULL.
    columns: Vec<Vec<Option<String>>>,
    rows: usize,
    slots: Vec<Slot>,
    shows_types: bool,
    has_colour: bool,
    terminal: Option<usize>,
}

/// How a text of a table stands out where there are colours.
#[derive(Clone, Copy)]
enum Tone {
    Plain,
    Bold,
    Dim,
}

impl Grid {
    fn new(schema: &SchemaRef, rows: &RecordBatch, style: &Style) -> Result<Self> {
        let names: Vec<String> = schema.fields().iter().map(|field| cell::one_line(field.name())).collect();
        let types: Vec<String> = schema.fields().iter().map(|field| cell::type_name(field.data_type())).collect();
        let is_right: Vec<bool> = schema.fields().iter().map(|field| cell::is_number(field.data_type())).collect();
        let mut columns = Vec::with_capacity(names.len());
        for array in rows.columns() {
            let texts = cell::column(array)?.into_iter();
            columns.push(texts.map(|text| text.map(|t| cell::one_line(&t))).collect::<Vec<_>>());
        }
        let wishes: Vec<Wish> = (0..names.len())
            .map(|index| {
                let header = cell::width(&names[index]).max(if style.types { cell::width(&types[index]) } else { 0 });
                let body = columns[index].iter().map(|text| cell::width(shown(text))).max().unwrap_or(0);
                // A number is never cut, but a name above it may be longer than the numbers.
                let pinned = style.pinned.contains(&index);
                Wish { width: header.max(body), may_shrink: !is_right[index], pinned }
            })
            .collect();
        let slots = fit(&wishes, style.width);
        Ok(Grid {
            names,
            types,
            is_right,
            columns,
            rows: rows.num_rows(),
            slots,
            shows_types: style.types,
            has_colour: style.colour,
            terminal: style.width,
        })
    }

    fn render(&self, head: usize, missing: usize, out: &mut Vec<u8>) {
        let mut text = String::new();
        self.border(&mut text, ["┌", "┬", "┐"]);
        self.line(&mut text, |index| (&self.names[index], Tone::Bold));
        if self.shows_types {
            self.line(&mut text, |index| (&self.types[index], Tone::Dim));
        }
        self.border(&mut text, ["├", "┼", "┤"]);
        for row in 0..self.rows {
            if missing > 0 && row == head {
                self.line(&mut text, |_| ("…", Tone::Dim));
            }
            self.line(&mut text, |index| {
                let value = &self.columns[index][row];
                (shown(value), if value.is_none() { Tone::Dim } else { Tone::Plain })
            });
        }
        if missing > 0 && head == self.rows {
            self.line(&mut text, |_| ("…", Tone::Dim));
        }
        self.border(&mut text, ["└", "┴", "┘"]);
        self.foot(missing, &mut text);
        out.extend_from_slice(text.as_bytes());
    }

    fn border(&self, text: &mut String, [left, middle, right]: [&str; 3]) {
        let lines: Vec<String> = self.slots.iter().map(|slot| "─".repeat(slot.width() + 2)).collect();
        *text += &format!("{left}{}{right}\n", lines.join(middle));
    }

    fn line<'a>(&'a self, text: &mut String, of: impl Fn(usize) -> (&'a str, Tone)) {
        for slot in &self.slots {
            let (shown, tone) = match *slot {
                Slot::Column { index, width } => {
                    let (value, tone) = of(index);
                    (cell::pad(&cell::cut(value, width), width, self.is_right[index]), tone)
                }
                Slot::Gap => ("…".to_string(), Tone::Dim),
            };
            *text += "│ ";
            *text += &match tone {
                Tone::Bold if self.has_colour => highlight::bold(&shown),
                Tone::Dim if self.has_colour => highlight::dim(&shown),
                _ => shown,
            };
            text.push(' ');
        }
        *text += "│\n";
    }

    /// Says what is not shown.
    fn foot(&self, missing: usize, text: &mut String) {
        let mut parts = vec![];
        if missing > 0 {
            parts.push(format!("{} more row{}", grouped(missing), if missing == 1 { "" } else { "s" }));
        }
        let hidden: Vec<&str> = (0..self.names.len())
            .filter(|wanted| !self.slots.iter().any(|s| matches!(s, Slot::Column { index, .. } if index == wanted)))
            .map(|index| self.names[index].as_str())
            .collect();
        if !hidden.is_empty() {
            parts.push(format!("{} not shown (\\x shows all): {}", plural(hidden.len(), "column"), hidden.join(", ")));
        }
        if !parts.is_empty() {
            *text += &wrapped(&format!("… {}", parts.join("; ")), self.terminal);
        }
    }
}

fn shown(value: &Option<String>) -> &str {
    value.as_deref().unwrap_or(NULL)
}

/// The text in lines of the terminal's width, broken at blanks.
fn wrapped(text: &str, terminal: Option<usize>) -> String {
    let most = terminal.unwrap_or(usize::MAX);
    let mut lines = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let width = cell::width(word);
        if used > 0 && used + 1 + width > most {
            lines += "\n  ";
            used = 2;
        } else if used > 0 {
            lines.push(' ');
            used += 1;
        }
        lines += word;
        used += width;
    }
    lines + "\n"
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray};

    use super::*;
    use crate::repl::render::Format;

    fn render(batch: &RecordBatch, style: Style) -> String {
        let mut renderer = Format::Table.renderer(batch.schema(), style).unwrap();
        let mut out = vec![];
        renderer.batch(batch, &mut out).unwrap();
        renderer.finish(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn sample() -> RecordBatch {
        RecordBatch::try_from_iter([
            ("symbol", Arc::new(StringArray::from(vec![Some("BTC"), None])) as ArrayRef),
            ("close", Arc::new(Float64Array::from(vec![42_283.58, 3.0]))),
            ("n", Arc::new(Int64Array::from(vec![Some(1), None]))),
            ("is_up", Arc::new(BooleanArray::from(vec![true, false]))),
        ])
        .unwrap()
    }

    #[test]
    fn a_box_with_numbers_at_the_right() {
        assert_eq!(
            render(&sample(), Style::default()),
            "\
┌────────┬──────────┬──────┬───────┐
│ symbol │    close │    n │ is_up │
├────────┼──────────┼──────┼───────┤
│ BTC    │ 42283.58 │    1 │ true  │
│ NULL   │     3.00 │ NULL │ false │
└────────┴──────────┴──────┴───────┘
"
        );
    }

    #[test]
    fn types_on_a_terminal_and_headers_of_an_empty_result() {
        let empty = RecordBatch::new_empty(sample().schema());
        assert_eq!(
            render(&empty, Style { types: true, ..Style::default() }),
            "\
┌─────────┬────────┬────────┬─────────┐
│ symbol  │  close │      n │ is_up   │
│ varchar │ double │ bigint │ boolean │
├─────────┼────────┼────────┼─────────┤
└─────────┴────────┴────────┴─────────┘
"
        );
    }

    #[test]
    fn many_rows_show_the_first_and_the_last() {
        let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..1_000));
        let batch = RecordBatch::try_from_iter([("n", numbers)]).unwrap();
        let style = Style { max_rows: Some(5), ..Style::default() };
        let text = "┌─────┐\n│   n │\n├─────┤\n│   0 │\n│   1 │\n│   2 │\n│   … │\n│ 998 │\n│ 999 │\n└─────┘\n… 995 more rows\n";
        assert_eq!(render(&batch, style.clone()), text);

        let mut in_pieces = Table::new(batch.schema(), style);
        for start in (0..1_000).step_by(7) {
            in_pieces.batch(&batch.slice(start, 7.min(1_000 - start)), &mut vec![]).unwrap();
        }
        let mut out = vec![];
        in_pieces.finish(&mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), text, "batch boundaries change nothing");
    }

    #[test]
    fn a_narrow_terminal_leaves_out_the_middle() {
        let text = render(&sample(), Style { width: Some(34), ..Style::default() });
        assert_eq!(
            text,
            "\
┌────────┬──────────┬───┬───────┐
│ symbol │    close │ … │ is_up │
├────────┼──────────┼───┼───────┤
│ BTC    │ 42283.58 │ … │ true  │
│ NULL   │     3.00 │ … │ false │
└────────┴──────────┴───┴───────┘
… 1 column not shown (\\x shows
  all): n
"
        );
    }

    #[test]
    fn a_single_row_that_does_not_fit_is_turned() {
        let style = Style { width: Some(30), turns: true, ..Style::default() };
        assert_eq!(
            render(&sample().slice(0, 1), style.clone()),
            "── row 1 ──\nsymbol  BTC\nclose   42283.58\nn       1\nis_up   true\n"
        );
        assert!(render(&sample(), style.clone()).starts_with('┌'));
        assert!(render(&sample().slice(0, 1), Style { width: Some(80), ..style }).starts_with('┌'));
    }

    #[test]
    fn colours_tell_a_missing_value_from_a_text() {
        let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("NULL"), None]));
        let batch = RecordBatch::try_from_iter([("t", texts)]).unwrap();
        let text = render(&batch, Style { colour: true, ..Style::default() });
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "│ \u{1b}[1mt   \u{1b}[0m │");
        assert_eq!(lines[3..5], ["│ NULL │", "│ \u{1b}[2mNULL\u{1b}[0m │"]);
    }

    #[test]
    fn a_multi_line_text_stays_on_its_line() {
        let texts: ArrayRef = Arc::new(StringArray::from(vec!["a\nb"]));
        let batch = RecordBatch::try_from_iter([("t", texts)]).unwrap();
        assert!(render(&batch, Style::default()).contains("│ a\\nb │"));
    }
}
