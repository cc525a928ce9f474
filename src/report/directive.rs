//! Reads a report file: SQL whose comments say how its results are shown.
//!
//! A directive is a line comment that begins with `@` and a word, such as `-- @chart line x=ts Equity`. It belongs to the
//! statement below it; `@title`, `@param`, `@section` and `@text` stand for themselves.

use super::assert::Assertion;
use super::fault::{Fault, Result};
use super::format::ColumnFormat;
use super::parameter::Declared;
use super::view::{ChartView, View};
use crate::engine::script;
use crate::error::Error;

/// The words after `@` with what follows them, for the documentation and for suggestions.
pub const DIRECTIVES: &[(&str, &str)] = &[
    ("assert", "@assert WHAT HOLDS: every row of the query below has to be true, else the run fails"),
    ("chart", "@chart KIND [x=COLUMN] [y=COLUMN,...] [value=COLUMN] [TITLE]: draws the result below"),
    ("figures", "@figures [TITLE]: shows the first row of the result below, one tile per column"),
    (
        "format",
        "@format COLUMN=FORMAT ...: percent, number, integer, money, date, datetime or text; `percent:1` has one decimal",
    ),
    ("hidden", "@hidden: runs the statement below and shows nothing"),
    ("param", "@param NAME TYPE [DEFAULT VALUE] [CHECK (CONDITION)] [DESCRIPTION]: a value that :NAME stands for"),
    ("section", "@section HEADING: begins a part of the report"),
    ("table", "@table [rows=N] [TITLE]: shows the result below as a table"),
    ("text", "@text PARAGRAPH: text, which goes on in the comment lines after it"),
    ("title", "@title TITLE: what the report is called"),
];

/// A report as its file describes it.
#[derive(Debug)]
pub struct Document {
    /// The title; `{name}` in it stands for a parameter.
    pub title: Option<String>,
    /// The parameters, in the order of the file.
    pub parameters: Vec<Declared>,
    /// What the report shows, in the order of the file.
    pub items: Vec<Item>,
}

/// One part of a report.
#[derive(Debug)]
pub enum Item {
    /// A heading.
    Section(String),
    /// Paragraphs, separated by empty lines.
    Text(String),
    /// A statement and how its result is shown.
    Statement(Box<Statement>),
}

/// A statement with its directives.
#[derive(Debug, Default)]
pub struct Statement {
    /// Line of its first word, from 1.
    pub line: usize,
    /// The text without the semicolon.
    pub sql: String,
    /// How its result is shown, in this order; nothing stands for a table.
    pub views: Vec<View>,
    /// Formats of columns, with the line of their directive.
    pub formats: Vec<(usize, String, ColumnFormat)>,
    /// What its rows have to say.
    pub assertion: Option<Assertion>,
    /// Whether nothing of it is shown.
    pub is_hidden: bool,
}

/// A comment that is alone on its lines.
struct Comment<'a> {
    line: usize,
    start: usize,
    text: &'a str,
}

/// Reads a report.
///
/// # Errors
/// A directive that does not exist or is not complete, stands inside a statement or has no statement below it; a backslash
/// command. The fault has the line.
pub fn parse(text: &str) -> Result<Document> {
    let mut reader =
        Reader { document: Document { title: None, parameters: vec![], items: vec![] }, pending: Pending::default() };
    let comments = comments(text);
    let mut next = 0;
    for piece in script::split(text) {
        let start = piece.text.as_ptr() as usize - text.as_ptr() as usize;
        let end = start + piece.text.len();
        let inside = comments[next..].iter().position(|c| c.start >= start).map_or(comments.len(), |at| next + at);
        reader.comments(&comments[next..inside])?;
        next = comments[inside..].iter().position(|c| c.start >= end).map_or(comments.len(), |at| inside + at);
        if let Some(comment) = comments[inside..next].iter().find(|c| as_directive(c.text).is_some()) {
            let error = Error::argument("a directive stands before its statement, not inside it");
            return Err(Fault::at(comment.line, comment.text, error));
        }
        reader.statement(piece.line, piece.text)?;
    }
    reader.comments(&comments[next..])?;
    reader.finish()
}

/// The parameters that a script declares, if it is a report, which has a `@title`: what `-f` and `\i` use the defaults of.
/// In another script `@param` is a comment like any other.
///
/// # Errors
/// A declaration that is not complete.
pub fn parameters(text: &str) -> Result<Vec<Declared>> {
    let comments = comments(text);
    let directives = || comments.iter().filter_map(|comment| Some((comment, as_directive(comment.text)?)));
    if !directives().any(|(_, (word, _))| word == "title") {
        return Ok(vec![]);
    }
    let declared = directives().filter(|(_, (word, _))| *word == "param");
    declared
        .map(|(comment, (_, rest))| {
            Declared::parse(comment.line, rest).map_err(|e| Fault::at(comment.line, comment.text, e))
        })
        .collect()
}

/// Every line comment that is alone on its line.
fn comments(text: &str) -> Vec<Comment<'_>> {
    let mut found = vec![];
    let (mut at, mut line, mut is_first) = (0, 1, true);
    while at < text.len() {
        let end = script::skip(text, at);
        let token = &text[at..end];
        if is_first && token.starts_with("--") {
            found.push(Comment { line, start: at, text: token.trim_end() });
        }
        is_first = match token {
            "\n" => true,
            blank if blank.trim().is_empty() => is_first,
            comment if comment.starts_with("--") => comment.ends_with('\n'),
            _ => false,
        };
        line += token.matches('\n').count();
        at = end;
    }
    found
}

/// The word after `@` and the rest, if the comment is a directive.
fn as_directive(comment: &str) -> Option<(&str, &str)> {
    let text = comment.strip_prefix("--")?.trim_start().strip_prefix('@')?;
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    Some((&text[..end], text[end..].trim()))
}

/// The directives above the next statement.
#[derive(Default)]
struct Pending {
    statement: Statement,
    /// The first of them: its line and text.
    first: Option<(usize, String)>,
}

struct Reader {
    document: Document,
    pending: Pending,
}

impl Reader {
    /// Takes the comments between two statements.
    fn comments(&mut self, comments: &[Comment<'_>]) -> Result<()> {
        let mut continued: Option<usize> = None;
        for comment in comments {
            match as_directive(comment.text) {
                Some((word, rest)) => {
                    self.directive(comment.line, word, rest).map_err(|e| Fault::at(comment.line, comment.text, e))?;
                    continued = (word == "text").then_some(comment.line);
                }
                None if continued == Some(comment.line - 1) => {
                    if let Some(Item::Text(text)) = self.document.items.last_mut() {
                        text.push('\n');
                        text.push_str(comment.text.trim_start_matches("--").trim());
                    }
                    continued = Some(comment.line);
                }
                None => continued = None,
            }
        }
        Ok(())
    }

    fn directive(&mut self, line: usize, word: &str, rest: &str) -> crate::Result<()> {
        match word {
            "title" => return self.title(rest),
            "param" => return self.parameter(line, rest),
            "section" => {
                self.document.items.push(Item::Section(needed(word, rest)?));
                return Ok(());
            }
            "text" => {
                self.document.items.push(Item::Text(needed(word, rest)?));
                return Ok(());
            }
            _ => {}
        }
        let statement = &mut self.pending.statement;
        match word {
            "figures" => statement.views.push(View::Figures { title: rest.to_string() }),
            "chart" => statement.views.push(View::Chart(Box::new(ChartView::parse(line, rest)?))),
            "table" => statement.views.push(View::table(rest)?),
            "format" => {
                for (column, format) in ColumnFormat::parse_list(rest)? {
                    statement.formats.push((line, column, format));
                }
            }
            "assert" if statement.assertion.is_some() => {
                return Err(Error::argument(
                    "a statement has one @assert; write the second one above a query of its own",
                ));
            }
            "assert" => statement.assertion = Some(Assertion { line, claim: needed(word, rest)? }),
            "hidden" if rest.is_empty() => statement.is_hidden = true,
            "hidden" => return Err(Error::argument("@hidden takes nothing behind it")),
            other => {
                return Err(Error::unknown("directive", &format!("@{other}"), "", names().iter().map(String::as_str)));
            }
        }
        if self.pending.first.is_none() {
            self.pending.first = Some((line, format!("-- @{word} {rest}")));
        }
        Ok(())
    }

    fn title(&mut self, rest: &str) -> crate::Result<()> {
        if self.document.title.is_some() {
            return Err(Error::argument("a report has one @title"));
        }
        self.document.title = Some(needed("title", rest)?);
        Ok(())
    }

    fn parameter(&mut self, line: usize, rest: &str) -> crate::Result<()> {
        let declared = Declared::parse(line, rest)?;
        if let Some(other) = self.document.parameters.iter().find(|p| p.name == declared.name) {
            let message = format!("parameter `{}` is declared already, in line {}", declared.name, other.line);
            return Err(Error::argument(message));
        }
        self.document.parameters.push(declared);
        Ok(())
    }

    fn statement(&mut self, line: usize, sql: &str) -> Result<()> {
        if sql.starts_with('\\') {
            let command = sql.lines().next().unwrap_or(sql);
            let error = Error::argument("a report is SQL and comments; backslash commands belong to the prompt");
            return Err(Fault::at(line, command, error));
        }
        let pending = std::mem::take(&mut self.pending);
        let statement = Statement { line, sql: sql.to_string(), ..pending.statement };
        if statement.is_hidden && (!statement.views.is_empty() || statement.assertion.is_some()) {
            let error = Error::argument("@hidden shows nothing, so that nothing else can be said about this statement");
            return Err(Fault::at(line, sql, error));
        }
        self.document.items.push(Item::Statement(Box::new(statement)));
        Ok(())
    }

    fn finish(self) -> Result<Document> {
        match self.pending.first {
            Some((line, text)) => {
                Err(Fault::at(line, text, Error::argument("this directive has no statement below it")))
            }
            None => Ok(self.document),
        }
    }
}

fn names() -> Vec<String> {
    DIRECTIVES.iter().map(|(name, _)| format!("@{name}")).collect()
}

fn needed(word: &str, rest: &str) -> crate::Result<String> {
    if rest.is_empty() {
        return Err(Error::argument(format!("@{word} needs text behind it")));
    }
    Ok(rest.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "-- @title Runs of {symbol}\n-- @param symbol TEXT DEFAULT 'A' The symbol\n\n-- @section One\n-- @text First\n-- line.\n--\n-- Second.\n\n-- not a part of it\n-- @chart line x=ts Equity\n-- @format ret=percent\nSELECT 1; -- @table is no directive here\nCREATE TABLE t AS SELECT ';' AS a;\n-- @text End\n";

    #[test]
    fn directives_belong_to_the_statement_below_them() {
        let document = parse(REPORT).unwrap();
        assert_eq!(document.title.as_deref(), Some("Runs of {symbol}"));
        assert_eq!(document.parameters.len(), 1);
        let shown: Vec<String> = document
            .items
            .iter()
            .map(|item| match item {
                Item::Section(text) => format!("section {text}"),
                Item::Text(text) => format!("text {text:?}"),
                Item::Statement(s) => {
                    format!("{} {} views={} formats={}", s.line, s.sql, s.views.len(), s.formats.len())
                }
            })
            .collect();
        assert_eq!(
            shown,
            [
                "section One",
                "text \"First\\nline.\\n\\nSecond.\"",
                "13 SELECT 1 views=1 formats=1",
                "14 CREATE TABLE t AS SELECT ';' AS a views=0 formats=0",
                "text \"End\"",
            ]
        );
    }

    #[test]
    fn a_script_without_a_title_declares_nothing() {
        assert_eq!(parameters("-- @param foo the foo\nSELECT 1;").unwrap(), []);
        assert_eq!(parameters(REPORT).unwrap().len(), 1);
        assert_eq!(parameters("-- @title A\n\n-- @param foo the foo").unwrap_err().line, 3);
    }

    #[test]
    fn faults_have_their_line() {
        let fault = |text: &str| {
            let fault = parse(text).unwrap_err();
            (fault.line, fault.error.to_string())
        };
        assert_eq!(fault("-- a\n-- @tilte x"), (2, "unknown directive `@tilte`; did you mean `@title`?".into()));
        assert_eq!(fault("SELECT 1;\n\n-- @chart line"), (3, "this directive has no statement below it".into()));
        assert_eq!(
            fault("SELECT\n-- @hidden\n1"),
            (2, "a directive stands before its statement, not inside it".into())
        );
        assert_eq!(
            fault("SELECT 1;\n\\timing"),
            (2, "a report is SQL and comments; backslash commands belong to the prompt".into())
        );
        assert_eq!(fault("-- @title A\n-- @title B"), (2, "a report has one @title".into()));
        assert_eq!(fault("-- @section"), (1, "@section needs text behind it".into()));
        assert_eq!(
            fault("-- @param a INT DEFAULT 1\n-- @param a INT DEFAULT 1"),
            (2, "parameter `a` is declared already, in line 1".into())
        );
    }
}
