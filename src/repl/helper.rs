//! What the line editor asks while a line is typed.

use std::borrow::Cow;
use std::sync::Arc;

use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hinter, HistoryHinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};

use super::catalog::Catalog;
use super::command::{as_command, below};
use super::complete::{Candidate, complete, path_place};
use super::path::paths;
use super::{highlight, hint};
use crate::engine::script::{is_incomplete, split};

/// What an empty line below an unfinished statement shows.
const CONTINUED: &str = "; runs it, Ctrl-C drops it";

/// Completion, hints, colours and the end of a statement.
pub struct LineHelper {
    /// The names that are offered.
    pub catalog: Arc<Catalog>,
    /// Whether colours may be used.
    pub has_colour: bool,
    history: HistoryHinter,
}

impl LineHelper {
    /// A helper that knows no names yet.
    pub fn new(has_colour: bool) -> Self {
        LineHelper { catalog: Arc::new(Catalog::default()), has_colour, history: HistoryHinter::new() }
    }
}

impl Helper for LineHelper {}

impl Completer for LineHelper {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let (start, candidates) = match path_place(line, pos, &self.catalog) {
            Some(place) => {
                // A report may be a file or one of those that are shipped.
                let (start, names) =
                    if place.in_text { (place.start, vec![]) } else { complete(line, pos, &self.catalog) };
                let names = if start == place.start { names } else { vec![] };
                (place.start, names.into_iter().chain(paths(&place)).collect())
            }
            None => complete(line, pos, &self.catalog),
        };
        let pair = |c: Candidate| Pair { display: c.display, replacement: c.replacement };
        Ok((start, candidates.into_iter().map(pair).collect()))
    }
}

/// A hint; only one from the history can be taken over.
pub struct Hint {
    text: String,
    is_insertable: bool,
}

impl rustyline::hint::Hint for Hint {
    fn display(&self) -> &str {
        &self.text
    }

    fn completion(&self) -> Option<&str> {
        self.is_insertable.then_some(self.text.as_str())
    }
}

impl Hinter for LineHelper {
    type Hint = Hint;

    fn hint(&self, line: &str, pos: usize, ctx: &Context<'_>) -> Option<Hint> {
        if line.ends_with('\n') && pos == line.len() {
            return Some(Hint { text: CONTINUED.into(), is_insertable: false });
        }
        if let Some(text) = hint::hint(line, pos, &self.catalog) {
            return Some(Hint { text, is_insertable: false });
        }
        // A hint must keep to its line, and a short word has too many continuations to be of help.
        let text = self.history.hint(line, pos, ctx).filter(|text| pos > 3 && !text.contains('\n'))?;
        Some(Hint { text, is_insertable: true })
    }
}

impl Highlighter for LineHelper {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if self.has_colour { highlight::highlight(line).into() } else { line.into() }
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        if self.has_colour { highlight::prompt(prompt).into() } else { prompt.into() }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.has_colour { highlight::dim(hint).into() } else { hint.into() }
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.has_colour && kind != CmdKind::MoveCursor
    }
}

impl Validator for LineHelper {
    fn validate(&self, ctx: &mut ValidationContext) -> rustyline::Result<ValidationResult> {
        // A command at the end, as in `SELECT 1; \\watch 2`, needs no semicolon.
        let last = split(ctx.input()).last().map_or("", |piece| piece.text);
        let is_command = |text| as_command(text).is_some();
        let is_command = is_command(ctx.input()) || is_command(last) || below(ctx.input()).is_some();
        let is_open = !is_command && is_incomplete(ctx.input());
        Ok(if is_open { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}
