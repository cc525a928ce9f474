//! The page: its parts in order, and what it was made of at the end.

use std::fmt::Write;

use super::chart::drawn;
use super::describe::{describe, headline, notes};
use super::escape::escape;
use crate::chart::model::Chart;
use crate::error::Result;
use crate::report::content::{Block, Origin, Part, Report, Shown, Table};
use crate::report::format::{Cell, decimal};
use crate::report::prose::{self, Prose, Span};

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = concat!(
    "(() => {\n'use strict';\n",
    include_str!("script/scale.js"),
    include_str!("script/plot.js"),
    include_str!("script/figure.js"),
    include_str!("script/table.js"),
    "})();\n"
);

/// Nothing is loaded from anywhere, whatever a page holds.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

/// Sections from which on a page has a table of contents.
const CONTENTS_FROM: usize = 3;

/// The whole page.
///
/// # Errors
/// None that data can cause.
pub fn page(report: &Report) -> Result<String> {
    let mut page = Page { body: String::new(), data: String::new(), charts: 0, sections: vec![], is_open: false };
    for part in &report.parts {
        page.part(part);
    }
    if page.is_open {
        page.body += "</section>\n";
    }
    let title = escape(&report.title);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"generator\" content=\"ThreadX {}\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <noscript><style>.plot {{ display: none; }} .chart .quiet {{ all: revert; }}</style></noscript>\n\
         <a class=\"skip\" href=\"#report\">Skip to the report</a>\n",
        escape(&report.origin.version)
    );
    out += &header(report);
    out += &contents(&page.sections);
    let _ = write!(out, "<main id=\"report\">\n{}</main>\n", page.body);
    out += &footer(report);
    out += &page.data;
    let _ = write!(out, "<script>\n{SCRIPT}</script>\n</body>\n</html>\n");
    Ok(out)
}

fn header(report: &Report) -> String {
    let mut out = format!("<header>\n<div class=\"head\"><h1>{}</h1>", escape(&report.title));
    out += "<button type=\"button\" id=\"theme\" hidden>Theme: auto</button></div>\n";
    if !report.parameters.is_empty() {
        out += "<dl class=\"parameters\">\n";
        for parameter in &report.parameters {
            let about = if parameter.description.is_empty() {
                String::new()
            } else {
                format!(" title=\"{}\"", escape(&parameter.description))
            };
            let (name, value) = (escape(&parameter.name), escape(&parameter.value));
            let _ = writeln!(out, "<div{about}><dt>{name}</dt><dd>{value}</dd></div>");
        }
        out += "</dl>\n";
    }
    if !report.checks.is_empty() {
        let count = report.checks.len();
        let noun = if count == 1 { "assertion holds" } else { "assertions hold" };
        let _ = writeln!(out, "<p class=\"checks\">{count} {noun}.</p>");
    }
    out + "</header>\n"
}

fn contents(sections: &[String]) -> String {
    if sections.len() < CONTENTS_FROM {
        return String::new();
    }
    let mut out = String::from("<nav aria-label=\"Contents\"><ul>\n");
    for (at, heading) in sections.iter().enumerate() {
        let _ = writeln!(out, "<li><a href=\"#section-{}\">{}</a></li>", at + 1, escape(heading));
    }
    out + "</ul></nav>\n"
}

struct Page {
    body: String,
    /// The data of the charts, which comes behind everything that can be seen.
    data: String,
    charts: usize,
    sections: Vec<String>,
    is_open: bool,
}

impl Page {
    fn part(&mut self, part: &Part) {
        match part {
            Part::Section(heading) => {
                if self.is_open {
                    self.body += "</section>\n";
                }
                self.sections.push(heading.clone());
                let (at, heading) = (self.sections.len(), escape(heading));
                let _ = writeln!(
                    self.body,
                    "<section aria-labelledby=\"section-{at}\">\n<h2 id=\"section-{at}\">{heading}</h2>"
                );
                self.is_open = true;
            }
            Part::Text(text) => self.body += &prose_html(text),
            Part::Block(block) => self.block(block),
        }
    }

    fn block(&mut self, block: &Block) {
        self.body += "<div class=\"block\">\n";
        for shown in &block.shown {
            match shown {
                Shown::Figures { title, figures } => self.body += &figures_html(title, figures),
                Shown::Chart(chart) => self.chart(chart),
                Shown::Table(table) => self.body += &table_html(table),
                Shown::Nothing { title, reason } => {
                    self.body += &heading(title);
                    let _ = writeln!(self.body, "<p class=\"nothing\">{}</p>", escape(reason));
                }
                Shown::Check(check) => {
                    let _ = writeln!(
                        self.body,
                        "<p class=\"check\"><span aria-hidden=\"true\">\u{2713}</span> {}</p>",
                        escape(&check.claim)
                    );
                }
                Shown::File { name, rows } => {
                    let rows = decimal(*rows as f64, 0);
                    let _ = writeln!(
                        self.body,
                        "<p class=\"file\"><a href=\"{}\">{}</a>, {rows} rows</p>",
                        link(name),
                        escape(name)
                    );
                }
            }
        }
        let _ = writeln!(
            self.body,
            "<details class=\"sql\"><summary>SQL</summary><pre tabindex=\"0\"><code>{}</code></pre></details>\n</div>",
            escape(&block.sql)
        );
    }

    fn chart(&mut self, chart: &Chart) {
        self.charts += 1;
        let at = self.charts;
        let drawn = drawn(chart);
        let kind = chart.plot.kind().name();
        let title = headline(chart);
        let _ = write!(
            self.body,
            "<figure class=\"chart {kind}\" data-chart=\"chart-{at}\">\n<figcaption id=\"chart-{at}-title\">{}</figcaption>\n\
             <div class=\"plot\" id=\"chart-{at}-plot\" role=\"img\" tabindex=\"0\" aria-labelledby=\"chart-{at}-title\" \
             aria-describedby=\"chart-{at}-text\"></div>\n<p class=\"quiet\" id=\"chart-{at}-text\">{}</p>\n",
            escape(title),
            escape(&describe(chart))
        );
        for note in notes(chart, drawn.sampled.as_deref()) {
            let _ = writeln!(self.body, "<p class=\"note\">{}</p>", escape(&note));
        }
        self.body += "</figure>\n";
        let _ = writeln!(self.data, "<script type=\"application/json\" id=\"chart-{at}\">{}</script>", drawn.json);
    }
}

fn heading(title: &str) -> String {
    if title.is_empty() { String::new() } else { format!("<h3>{}</h3>\n", escape(title)) }
}

/// The class of a value: whether it is below zero.
fn tone(cell: &Cell) -> &'static str {
    if cell.text.starts_with('-') { " class=\"below\"" } else { "" }
}

fn figures_html(title: &str, figures: &[(String, Cell)]) -> String {
    let mut out = heading(title) + "<dl class=\"figures\">\n";
    for (name, cell) in figures {
        let (name, text) = (escape(&name.replace('_', " ")), escape(&cell.text));
        let _ = writeln!(out, "<div><dt>{name}</dt><dd{}>{text}</dd></div>", tone(cell));
    }
    out + "</dl>\n"
}

fn table_html(table: &Table) -> String {
    if table.rows.is_empty() {
        return heading(&table.title) + "<p class=\"nothing\">No rows.</p>\n";
    }
    let label = if table.title.is_empty() { "Result" } else { &table.title };
    let mut out = heading(&table.title);
    let _ = write!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table class=\"sortable\">\n<thead><tr>",
        escape(label)
    );
    for (name, is_number) in &table.columns {
        let class = if *is_number { " class=\"number\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", escape(name));
    }
    out += "</tr></thead>\n<tbody>\n";
    for row in &table.rows {
        out += "<tr>";
        for (cell, (_, is_number)) in row.iter().zip(&table.columns) {
            let class = match (*is_number, *is_number && cell.text.starts_with('-')) {
                (_, true) => " class=\"number below\"",
                (true, _) => " class=\"number\"",
                _ => "",
            };
            let value = cell.value.map(|value| format!(" data-v=\"{value}\"")).unwrap_or_default();
            let _ = write!(out, "<td{class}{value}>{}</td>", escape(&cell.text));
        }
        out += "</tr>\n";
    }
    out += "</tbody></table></div>\n";
    if table.rows.len() < table.total {
        let (shown, all) = (decimal(table.rows.len() as f64, 0), decimal(table.total as f64, 0));
        let _ = writeln!(out, "<p class=\"note\">The first {shown} of {all} rows.</p>");
    }
    out
}

fn prose_html(text: &str) -> String {
    let spans = |spans: &[Span]| -> String {
        spans
            .iter()
            .map(|span| match span {
                Span::Plain(text) => escape(text),
                Span::Strong(text) => format!("<strong>{}</strong>", escape(text)),
                Span::Code(text) => format!("<code>{}</code>", escape(text)),
            })
            .collect()
    };
    let mut out = String::new();
    for part in prose::parse(text) {
        match part {
            Prose::Paragraph(words) => {
                let _ = writeln!(out, "<p>{}</p>", spans(&words));
            }
            Prose::List(items) => {
                let items: String = items.iter().map(|item| format!("<li>{}</li>\n", spans(item))).collect();
                let _ = writeln!(out, "<ul>\n{items}</ul>");
            }
        }
    }
    out
}

/// A file name as a relative address: nothing in it can begin a scheme, a query or a fragment.
pub fn link(name: &str) -> String {
    let mut out = String::from("./");
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => out.push(char::from(byte)),
            byte => out += &format!("%{byte:02X}"),
        }
    }
    out
}

fn footer(report: &Report) -> String {
    let Origin { file, version, series, settings, id, made } = &report.origin;
    let mut out = String::from(
        "<footer>\n<details class=\"origin\" open><summary>What this report was made of</summary>\n<dl>\n",
    );
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(out, "<div><dt>{name}</dt><dd>{}</dd></div>", escape(value));
    };
    line("engine", &format!("ThreadX {version}"));
    line("report", file);
    line("report id", id);
    if let Some(made) = made {
        line("made", made);
    }
    for (name, value) in settings {
        line("setting", &format!("{name} = {value}"));
    }
    out += "</dl>\n";
    if series.is_empty() {
        out += "<p>No stored series was read.</p>\n";
    } else {
        out += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Series\"><table>\n<thead><tr><th scope=\"col\">series</th>\
                <th scope=\"col\" class=\"number\">bars</th><th scope=\"col\">first</th><th scope=\"col\">last</th>\
                <th scope=\"col\">fingerprint of the bars</th></tr></thead>\n<tbody>\n";
        for one in series {
            let (first, last) = one.range.clone().unwrap_or_default();
            let _ = writeln!(
                out,
                "<tr><td>{}</td><td class=\"number\">{}</td><td>{first}</td><td>{last}</td><td><code>{}</code></td></tr>",
                escape(&one.name),
                decimal(one.bars as f64, 0),
                escape(&one.fingerprint)
            );
        }
        out += "</tbody></table></div>\n";
    }
    out + "</details>\n</footer>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_files_and_nowhere_else() {
        assert_eq!(link("data/a b.csv"), "./data/a%20b.csv");
        assert_eq!(link("javascript:alert(1)"), "./javascript%3Aalert%281%29");
    }

    #[test]
    fn values_are_text_wherever_they_stand() {
        let hostile = "</title><script>alert(1)</script>\"'";
        let cell = Cell { text: hostile.into(), value: None };
        let table = Table {
            title: hostile.into(),
            columns: vec![(hostile.into(), false)],
            rows: vec![vec![cell.clone()]],
            total: 1,
        };
        let report = Report {
            title: hostile.into(),
            parts: vec![
                Part::Section(hostile.into()),
                Part::Text(hostile.into()),
                Part::Block(Block {
                    sql: hostile.into(),
                    shown: vec![
                        Shown::Figures { title: hostile.into(), figures: vec![(hostile.into(), cell)] },
                        Shown::Table(table),
                        Shown::File { name: hostile.into(), rows: 1 },
                    ],
                }),
            ],
            parameters: vec![],
            checks: vec![],
            origin: Origin { file: hostile.into(), ..Origin::default() },
        };
        let page = page(&report).unwrap();
        assert!(!page.contains("<script>alert") && !page.contains("</title><script"), "{page}");
        assert_eq!(page.matches("<script").count(), 1, "the page's own");
        assert!(
            !page.contains("http://")
                || page.matches("http://").count() == page.matches("http://www.w3.org/2000/svg").count()
        );
    }
}
