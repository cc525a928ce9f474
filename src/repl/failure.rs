//! An error with its place in a script, as it is shown to people.

use crate::error::{Class, Error};
use crate::repl::output::is_closed_pipe;

/// A failed statement or command.
#[derive(Debug)]
pub struct Failure {
    error: Box<Error>,
    /// File and line of the statement, innermost script first.
    places: Vec<String>,
    /// The statement.
    sql: Option<String>,
    line: usize,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure { error: Box::new(error), places: vec![], sql: None, line: 1 }
    }
}

impl Failure {
    /// Adds where the statement stands. The innermost script is told first.
    pub fn within(mut self, script: Option<&str>, line: usize, sql: &str) -> Self {
        if self.sql.is_none() {
            self.sql = Some(sql.to_string());
            self.line = line;
        }
        self.places.extend(script.map(|name| format!("{name}:{line}")));
        self
    }

    /// Whether the statement was cancelled by Ctrl-C.
    pub fn is_cancelled(&self) -> bool {
        matches!(*self.error, Error::Cancelled)
    }

    /// Whether the reader of our output went away.
    pub fn is_closed_pipe(&self) -> bool {
        is_closed_pipe(&self.error)
    }

    /// The message with code, place and, for a syntax error, the line with a mark below it.
    pub fn report(&self) -> String {
        if self.is_cancelled() {
            return "cancelled".into();
        }
        let (message, position) = split_position(&self.error.to_string());
        let mut text = format!("error[{}]: {message}\n", self.error.code());
        for (depth, place) in self.places.iter().enumerate() {
            text += &match (depth, position, &self.sql) {
                (0, None, Some(sql)) => format!("  at {place}: {}\n", excerpt(sql)),
                (0, ..) => format!("  at {place}\n"),
                _ => format!("  read by {place}\n"),
            };
        }
        if let (Some((line, column)), Some(sql)) = (position, &self.sql)
            && let Some(source) = sql.lines().nth(line - 1)
        {
            let number = (self.line + line - 1).to_string();
            let gutter = " ".repeat(number.len());
            let mark: String = source.chars().take(column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            text += &format!("  {number} | {source}\n  {gutter} | {mark}^\n");
        }
        if self.error.class() == Class::Internal && !text.contains("bug") {
            text += "  this is a bug in ThreadX, please report it\n";
        }
        text
    }
}

/// The beginning of a statement.
fn excerpt(sql: &str) -> String {
    const MOST: usize = 60;
    let words: Vec<&str> = sql.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Takes the parser's ` at Line: 1, Column: 15` off the end of a message.
fn split_position(message: &str) -> (String, Option<(usize, usize)>) {
    const LINE: &str = " at Line: ";
    const COLUMN: &str = ", Column: ";
    let found = message.rfind(LINE).and_then(|at| {
        let (line, column) = message[at + LINE.len()..].split_once(COLUMN)?;
        Some((at, (line.parse().ok().filter(|n| *n > 0)?, column.trim().parse().ok().filter(|n| *n > 0)?)))
    });
    match found {
        Some((at, position)) => (message[..at].to_string(), Some(position)),
        None => (message.to_string(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syntax_error_is_marked_in_its_line() {
        let error = Error::Sql("syntax error: Expected: x, found: FORM at Line: 2, Column: 4".into());
        let failure = Failure::from(error).within(Some("a.sql"), 7, "SELECT 1\n  FORM t");
        assert_eq!(
            failure.report(),
            "error[T103]: syntax error: Expected: x, found: FORM\n  at a.sql:7\n  8 |   FORM t\n    |    ^\n"
        );
    }

    #[test]
    fn nested_scripts_are_all_named() {
        let failure =
            Failure::from(Error::argument("x")).within(Some("b.sql"), 2, "S").within(Some("a.sql"), 9, "\\i b.sql");
        assert_eq!(failure.report(), "error[T102]: x\n  at b.sql:2: S\n  read by a.sql:9\n");
    }
}
