//! The loop at the prompt.

use std::path::Path;
use std::sync::Arc;

use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, CompletionType, Config, Editor};
use tokio::runtime::Runtime;

use super::command::{self, Flow};
use super::helper::LineHelper;
use super::shell::{Shell, note};
use super::token::{Kind, tokens};
use super::{catalog, highlight, history, interrupt};
use crate::error::{Error, Result};
use crate::repl::failure::Failure;
use crate::repl::render::plural;

const PROMPT: &str = "threadx> ";
const MOST_HISTORY: usize = 10_000;

/// Offers that are listed without asking first.
const MOST_OFFERS: usize = 200;

/// The prompt of a session.
struct Prompt<'a> {
    shell: &'a mut Shell,
    editor: Editor<LineHelper, FileHistory>,
    /// Where lines are kept.
    file: Option<std::path::PathBuf>,
    has_colour: bool,
    /// Whether the line before was a statement that Ctrl-C stopped: another Ctrl-C leaves.
    was_cancelled: bool,
}

/// What the reader of a line gives.
enum Line {
    /// A statement or command.
    Text(String),
    /// Nothing to do.
    Nothing,
    /// The end.
    End,
}

/// Reads and runs statements until the end. Errors are shown and end nothing.
pub fn run(runtime: &Runtime, shell: &mut Shell) -> Result<()> {
    shell.is_interactive = true;
    shell.display.timing = true;
    // From here on Ctrl-C never ends the program by itself, not even while a pager or an editor has the terminal.
    interrupt::listen();
    let mut prompt = Prompt::new(shell)?;
    greet(prompt.shell);
    loop {
        prompt.refresh(runtime);
        let text = match prompt.read()? {
            Line::Text(text) => text,
            Line::Nothing => continue,
            Line::End => break,
        };
        let (text, open) = match command::below(&text) {
            // The statement is what `\e` edits.
            Some((statement, "\\e")) => {
                prompt.shell.last = Some(statement.to_string());
                ("\\e".to_string(), None)
            }
            Some((statement, command)) => (command.to_string(), Some(format!("{statement}\n"))),
            None => (text, None),
        };
        let done = runtime.block_on(prompt.shell.script(&text, None));
        prompt.shell.draft = prompt.shell.draft.take().or(open);
        match done {
            Ok(Flow::Continue) => {}
            Ok(Flow::Quit) => break,
            Err(failure) => prompt.report(&failure, &text),
        }
    }
    shell.redirect(None)
}

impl<'a> Prompt<'a> {
    fn new(shell: &'a mut Shell) -> Result<Self> {
        let has_colour = highlight::is_wanted();
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .completion_show_all_if_ambiguous(true)
            .completion_prompt_limit(MOST_OFFERS)
            .color_mode(if has_colour { ColorMode::Enabled } else { ColorMode::Disabled })
            .max_history_size(MOST_HISTORY)
            .map_err(fault)?
            .build();
        let mut editor: Editor<LineHelper, FileHistory> = Editor::with_config(config).map_err(fault)?;
        editor.set_helper(Some(LineHelper::new(has_colour)));
        let file = history::file();
        if let Some(path) = &file {
            open_history(path, &mut editor);
        }
        shell.history.load(editor.history().iter());
        shell.history.register(&shell.engine)?;
        Ok(Prompt { shell, editor, file, has_colour, was_cancelled: false })
    }

    /// Learns the names that the last statement may have made.
    fn refresh(&mut self, runtime: &Runtime) {
        if std::mem::take(&mut self.shell.is_stale)
            && let Some(helper) = self.editor.helper_mut()
        {
            let mut known = runtime.block_on(catalog::catalog(&self.shell.engine));
            known.variables = self.shell.variables.keys().cloned().collect();
            known.result = self.shell.kept.columns();
            helper.catalog = Arc::new(known);
        }
    }

    /// Reads a line, which may be a statement of several lines.
    fn read(&mut self) -> Result<Line> {
        let read = match self.shell.draft.take() {
            Some(draft) => self.editor.readline_with_initial(PROMPT, (&draft, "")),
            None => self.editor.readline(PROMPT),
        };
        let leaves = std::mem::take(&mut self.was_cancelled);
        match read {
            Ok(text) if text.trim().is_empty() => Ok(Line::Nothing),
            Ok(text) => {
                self.remember(&text);
                Ok(Line::Text(text))
            }
            Err(ReadlineError::Interrupted) if leaves => Ok(Line::End),
            Err(ReadlineError::Interrupted) => Ok(Line::Nothing),
            Err(ReadlineError::Eof) => Ok(Line::End),
            Err(error) => Err(fault(error)),
        }
    }

    fn remember(&mut self, text: &str) {
        self.shell.history.push(text);
        let is_new = self.editor.add_history_entry(text).unwrap_or(false);
        if let (Some(path), true) = (&self.file, is_new) {
            // A history that cannot be kept is no reason to stop; the first attempt said so.
            let _ = self.editor.append_history(path);
        }
    }

    fn report(&mut self, failure: &Failure, text: &str) {
        if !failure.is_cancelled() {
            let report = failure.report();
            return note(if self.has_colour { highlight::failure(&report) } else { report }.trim_end());
        }
        self.was_cancelled = true;
        // The terminal has written ^C.
        note("\ncancelled; Ctrl-C again leaves");
        if let Some(name) = checkpoint(text) {
            note(&format!("what was finished is kept as `{name}`; the same statement goes on from there"));
        }
    }
}

/// The name behind `checkpoint =>` in a statement.
fn checkpoint(sql: &str) -> Option<&str> {
    let tokens = tokens(sql);
    let named = tokens.windows(4).find(|w| w[0].is_word("checkpoint") && w[1].is_symbol('=') && w[2].is_symbol('>'))?;
    (named[3].kind == Kind::Text).then(|| named[3].content())
}

fn open_history(path: &Path, editor: &mut Editor<LineHelper, FileHistory>) {
    if let Some(folder) = path.parent()
        && let Err(error) = std::fs::create_dir_all(folder)
    {
        return note(&format!("note: no history is kept: {}", Error::io("create", folder, error)));
    }
    match editor.load_history(path) {
        Ok(()) => {}
        Err(ReadlineError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => note(&format!("note: cannot read the history in {}: {error}", path.display())),
    }
}

fn greet(shell: &Shell) {
    let series = catalog::series(&shell.engine).unwrap_or_default();
    let root = shell.engine.workspace().store.dir().display().to_string();
    note(&format!("ThreadX {}, bars in {root} ({} series)", env!("CARGO_PKG_VERSION"), series.len()));
    if series.is_empty() {
        note(
            "There are no bars yet. Three things to try:\n  \
             demo                                     a sweep over made-up bars\n  \
             SELECT * FROM synthetic_bars(5, '1d');   bars out of thin air\n  \
             threadx import FILE...                   your own bars, from the shell",
        );
    }
    note("help shows help, Tab completes, \\q leaves.");
    if !shell.history.is_empty() {
        note(&format!("Ctrl-R searches {}.", plural(shell.history.len(), "earlier line")));
    }
}

fn fault(error: ReadlineError) -> Error {
    match error {
        ReadlineError::Io(source) => Error::io("read", "the terminal", source),
        other => Error::Internal(format!("line editor: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checkpoint_of_a_statement_is_found() {
        assert_eq!(checkpoint("SELECT * FROM sweep('A', '1h', grid(), checkpoint => 'night') -- x"), Some("night"));
        assert_eq!(checkpoint("SELECT 'checkpoint => x'"), None);
        assert_eq!(checkpoint("checkpoint => name"), None);
    }
}
