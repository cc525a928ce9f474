//! `@figures`, `@chart` and `@table`: how a result is shown.

use crate::chart::choose::Request;
use crate::chart::model::Kind;
use crate::error::{Error, Result};

/// Most rows that a table shows without `rows=`.
const TABLE_ROWS: usize = 200;

/// One way in which a result is shown.
#[derive(Debug)]
pub enum View {
    /// The first row, one tile per column.
    Figures {
        /// Heading; may be empty.
        title: String,
    },
    /// A drawing.
    Chart(Box<ChartView>),
    /// The rows.
    Table {
        /// Heading; may be empty.
        title: String,
        /// Most rows.
        rows: usize,
    },
}

/// A chart as its directive describes it.
#[derive(Debug)]
pub struct ChartView {
    /// Line of the directive.
    pub line: usize,
    /// What is drawn; its title may hold `{name}`.
    pub request: Request,
}

impl View {
    /// Reads what stands behind `@table`.
    pub fn table(text: &str) -> Result<Self> {
        let (options, title) = options(text, "@table", &["rows"])?;
        let rows = match options.last() {
            None => TABLE_ROWS,
            Some((_, value)) => value
                .parse()
                .ok()
                .filter(|rows| *rows > 0)
                .ok_or_else(|| Error::argument(format!("@table: rows is a whole number above 0, got `{value}`")))?,
        };
        Ok(View::Table { title: title.to_string(), rows })
    }

    /// A table without a title.
    pub fn plain_table() -> Self {
        View::Table { title: String::new(), rows: TABLE_ROWS }
    }
}

impl ChartView {
    /// Reads what stands behind `@chart`.
    ///
    /// # Errors
    /// A kind or an option that does not exist.
    pub fn parse(line: usize, text: &str) -> Result<Self> {
        let (kind, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        if kind.is_empty() {
            let kinds: Vec<&str> = Kind::names().collect();
            return Err(Error::argument(format!("@chart needs a kind: auto, {}", kinds.join(", "))));
        }
        let kind = if kind.eq_ignore_ascii_case("auto") { None } else { Some(Kind::parse(kind)?) };
        let (options, title) = options(rest, "@chart", &["color", "value", "x", "y"])?;
        let mut request = Request { kind, ..Request::default() };
        for (key, value) in options {
            match key {
                "x" => request.x = Some(value.to_string()),
                "y" => request.y = value.split(',').map(|name| name.trim().to_string()).collect(),
                "value" => request.value = Some(value.to_string()),
                _ => request.color = Some(value.to_string()),
            }
        }
        request.title = (!title.is_empty()).then(|| title.to_string());
        Ok(ChartView { line, request })
    }
}

/// Reads `key=value` words up to the first word of another form, with which the title begins.
fn options<'a>(text: &'a str, directive: &str, known: &[&str]) -> Result<(Vec<(&'a str, &'a str)>, &'a str)> {
    let mut options: Vec<(&str, &str)> = vec![];
    let mut rest = text.trim();
    loop {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let Some((key, value)) = rest[..end].split_once('=') else { return Ok((options, rest)) };
        if !known.contains(&key) {
            return Err(Error::unknown("option", key, directive, known.iter().copied()));
        }
        if options.iter().any(|(other, _)| *other == key) {
            return Err(Error::argument(format!("{directive}: `{key}` is given twice")));
        }
        if value.is_empty() {
            return Err(Error::argument(format!("{directive}: `{key}=` needs a value")));
        }
        options.push((key, value));
        rest = rest[end..].trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_has_a_kind_options_and_a_title() {
        let view = ChartView::parse(3, "line x=ts y=a,b Equity = money").unwrap();
        assert_eq!((view.line, view.request.kind), (3, Some(Kind::Line)));
        assert_eq!((view.request.x.as_deref(), view.request.y), (Some("ts"), vec!["a".to_string(), "b".to_string()]));
        assert_eq!(view.request.title.as_deref(), Some("Equity = money"));
        assert_eq!(ChartView::parse(1, "auto").unwrap().request, Request::default());
        let error = |text: &str| ChartView::parse(1, text).unwrap_err().to_string();
        assert_eq!(error("lines"), "unknown chart `lines`; did you mean `line`?");
        assert_eq!(error("line colour=a"), "unknown option `colour` of @chart; did you mean `color`?");
        assert_eq!(error("line x=a x=b"), "@chart: `x` is given twice");
        assert!(error("").starts_with("@chart needs a kind: auto, bars, "));
    }

    #[test]
    fn a_table_has_a_number_of_rows() {
        let View::Table { title, rows } = View::table("rows=5 The best").unwrap() else { panic!("a table") };
        assert_eq!((title.as_str(), rows), ("The best", 5));
        assert_eq!(View::table("rows=0").unwrap_err().to_string(), "@table: rows is a whole number above 0, got `0`");
    }
}
