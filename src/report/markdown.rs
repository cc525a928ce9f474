//! A report as Markdown, for terminals, pull requests and wikis.

use std::fmt::Write;

use super::content::{Block, Part, Report, Shown, Table};
use super::format::{Cell, decimal};
use super::html::{describe, headline, notes};
use super::prose::{self, Prose, Span};
use crate::chart::model::Chart;
use crate::chart::svg;
use crate::chart::terminal::{self, Look};
use crate::error::Result;

/// Charts in a file of text, where lines of this width are not broken.
const LOOK: Look = Look { width: 96, height: 14, color: false };

/// What the names of drawings begin with.
const DRAWING: &str = "chart-";

/// The report, with charts drawn in text.
///
/// # Errors
/// None that data can cause.
pub fn text(report: &Report) -> Result<String> {
    let mut page = Page { out: String::new(), charts: 0, drawings: None };
    page.report(report);
    Ok(page.out)
}

/// The report, with charts as drawings in files beside it: the text, and name and content of each file.
///
/// # Errors
/// None that data can cause.
pub fn with_drawings(report: &Report) -> Result<(String, Vec<(String, String)>)> {
    let mut page = Page { out: String::new(), charts: 0, drawings: Some(vec![]) };
    page.report(report);
    Ok((page.out, page.drawings.unwrap_or_default()))
}

/// Whether a file of this name is a drawing of a report.
pub fn is_drawing(name: &str) -> bool {
    let number = name.strip_prefix(DRAWING).and_then(|rest| rest.strip_suffix(".svg"));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

struct Page {
    out: String,
    charts: usize,
    /// The drawings so far, if charts are to be drawn.
    drawings: Option<Vec<(String, String)>>,
}

impl Page {
    fn report(&mut self, report: &Report) {
        let _ = writeln!(self.out, "# {}\n", escape(&report.title));
        for parameter in &report.parameters {
            let _ = writeln!(self.out, "- {}: {}", escape(&parameter.name), code(&parameter.value));
        }
        if !report.parameters.is_empty() {
            self.out.push('\n');
        }
        for part in &report.parts {
            match part {
                Part::Section(heading) => {
                    let _ = writeln!(self.out, "## {}\n", escape(heading));
                }
                Part::Text(text) => self.prose(text),
                Part::Block(block) => self.block(block),
            }
        }
        self.origin(report);
    }

    fn prose(&mut self, text: &str) {
        let line = |spans: &[Span]| -> String {
            spans
                .iter()
                .map(|span| match span {
                    Span::Plain(text) => escape(text),
                    Span::Strong(text) => format!("**{}**", escape(text)),
                    Span::Code(text) => code(text),
                })
                .collect()
        };
        for part in prose::parse(text) {
            match part {
                Prose::Paragraph(spans) => {
                    let _ = writeln!(self.out, "{}\n", line(&spans));
                }
                Prose::List(items) => {
                    for item in items {
                        let _ = writeln!(self.out, "- {}", line(&item));
                    }
                    self.out.push('\n');
                }
            }
        }
    }

    fn block(&mut self, block: &Block) {
        for shown in &block.shown {
            match shown {
                Shown::Figures { title, figures } => self.figures(title, figures),
                Shown::Chart(chart) => self.chart(chart),
                Shown::Table(table) => self.table(table),
                Shown::Nothing { title, reason } => {
                    self.heading(title);
                    let _ = writeln!(self.out, "{}\n", escape(reason));
                }
                Shown::Check(check) => {
                    let _ = writeln!(self.out, "\u{2713} {}\n", escape(&check.claim));
                }
                Shown::File { name, rows } => {
                    let (link, rows) = (super::html::link(name), decimal(*rows as f64, 0));
                    let _ = writeln!(self.out, "[{}]({link}), {rows} rows\n", escape(name));
                }
            }
        }
        let fence = "`".repeat(longest_run(&block.sql).max(2) + 1);
        let sql = &block.sql;
        let _ = writeln!(self.out, "<details><summary>SQL</summary>\n\n{fence}sql\n{sql}\n{fence}\n\n</details>\n");
    }

    fn heading(&mut self, title: &str) {
        if !title.is_empty() {
            let _ = writeln!(self.out, "### {}\n", escape(title));
        }
    }

    fn figures(&mut self, title: &str, figures: &[(String, Cell)]) {
        self.heading(title);
        let columns = vec![("figure".to_string(), false), ("value".to_string(), true)];
        let name = |name: &str| Cell { text: name.replace('_', " "), value: None };
        let rows: Vec<Vec<Cell>> = figures.iter().map(|(figure, cell)| vec![name(figure), cell.clone()]).collect();
        let total = rows.len();
        self.table(&Table { title: String::new(), columns, rows, total });
    }

    fn chart(&mut self, chart: &Chart) {
        self.charts += 1;
        let title = headline(chart);
        self.heading(title);
        match &mut self.drawings {
            Some(drawings) => {
                let name = format!("{DRAWING}{}.svg", self.charts);
                let _ = writeln!(self.out, "![{}](./{name})\n", escape(title));
                drawings.push((name, svg::render(chart)));
            }
            None => {
                let drawing = terminal::render(chart, LOOK);
                // The headline is the heading already.
                let drawing = drawing.strip_prefix(&format!("{title}\n")).unwrap_or(&drawing);
                let fence = "`".repeat(longest_run(drawing).max(2) + 1);
                let _ = writeln!(self.out, "{fence}text\n{}\n{fence}\n", drawing.trim_end());
            }
        }
        let _ = writeln!(self.out, "{}\n", escape(&describe(chart)));
        for note in notes(chart, None) {
            let _ = writeln!(self.out, "{}\n", escape(&note));
        }
    }

    fn table(&mut self, table: &Table) {
        self.heading(&table.title);
        if table.rows.is_empty() {
            self.out += "No rows.\n\n";
            return;
        }
        let head: Vec<String> = table.columns.iter().map(|(name, _)| escape(name)).collect();
        let rule: Vec<&str> =
            table.columns.iter().map(|(_, is_number)| if *is_number { "---:" } else { "---" }).collect();
        let _ = writeln!(self.out, "| {} |\n| {} |", head.join(" | "), rule.join(" | "));
        for row in &table.rows {
            let cells: Vec<String> = row.iter().map(|cell| escape(&cell.text)).collect();
            let _ = writeln!(self.out, "| {} |", cells.join(" | "));
        }
        self.out.push('\n');
        if table.rows.len() < table.total {
            let (shown, all) = (decimal(table.rows.len() as f64, 0), decimal(table.total as f64, 0));
            let _ = writeln!(self.out, "The first {shown} of {all} rows.\n");
        }
    }

    fn origin(&mut self, report: &Report) {
        let origin = &report.origin;
        self.out += "## What this report was made of\n\n";
        let _ = writeln!(self.out, "- engine: ThreadX {}", escape(&origin.version));
        let _ = writeln!(self.out, "- report: {}", code(&origin.file));
        let _ = writeln!(self.out, "- report id: `{}`", origin.id);
        if let Some(made) = &origin.made {
            let _ = writeln!(self.out, "- made: {}", escape(made));
        }
        for (name, value) in &origin.settings {
            let _ = writeln!(self.out, "- setting: {} = {}", escape(name), code(value));
        }
        for check in &report.checks {
            let _ = writeln!(self.out, "- holds: {}", escape(&check.claim));
        }
        for series in &origin.series {
            let (first, last) = series.range.clone().unwrap_or_default();
            let bars = decimal(series.bars as f64, 0);
            let _ = writeln!(
                self.out,
                "- series: {}, {bars} bars, {first} to {last}, `{}`",
                escape(&series.name),
                series.fingerprint
            );
        }
    }
}

/// A text in which nothing is markup, on one line.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '$' => out.extend(['\\', c]),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    // A line that begins like a heading or a list is none.
    if out.trim_start().starts_with(['#', '+', '=', '>']) { format!("\\{}", out.trim_start()) } else { out }
}

/// A text as code, whatever is in it.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.trim().is_empty() {
        return escape(&text);
    }
    let ticks = "`".repeat(longest_run(&text) + 1);
    let room = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{ticks}{room}{text}{room}{ticks}")
}

/// The most backticks in a row.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_value_is_markup() {
        assert_eq!(escape("<script>[x](javascript:a)|`\n# a"), "&lt;script>\\[x\\](javascript:a)\\|\\` # a");
        assert_eq!((escape("# a"), escape("> a")), ("\\# a".into(), "\\> a".into()));
        assert_eq!(code("a``b`"), "``` a``b` ```");
    }

    #[test]
    fn drawings_are_known_by_name() {
        assert!(is_drawing("chart-12.svg"));
        assert!(!is_drawing("chart-.svg") && !is_drawing("chart-a.svg") && !is_drawing("mychart-1.svg"));
    }
}
