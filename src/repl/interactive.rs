//! The loop at the prompt.

use std::path::PathBuf;
use std::sync::Arc;

use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{ColorMode, CompletionType, Config, Editor};
use tokio::runtime::Runtime;

use super::catalog;
use super::command::Flow;
use super::helper::LineHelper;
use super::look;
use super::shell::{Shell, note};
use crate::error::{Error, Result};
use crate::repl::render::plural;

/// Environment variable that names the file of typed lines; empty keeps none.
pub const HISTORY_VARIABLE: &str = "THREADX_HISTORY";

const PROMPT: &str = "threadx> ";
const MOST_HISTORY: usize = 10_000;

/// Reads and runs statements until the end. Errors are shown and end nothing.
pub fn run(runtime: &Runtime, shell: &mut Shell) -> Result<()> {
    shell.is_interactive = true;
    shell.display.timing = true;
    let has_colour = look::wants_colour();
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .color_mode(if has_colour { ColorMode::Enabled } else { ColorMode::Disabled })
        .max_history_size(MOST_HISTORY)
        .map_err(fault)?
        .build();
    let mut editor: Editor<LineHelper, FileHistory> = Editor::with_config(config).map_err(fault)?;
    editor.set_helper(Some(LineHelper::new(has_colour)));
    let history = history_file();
    if let Some(path) = &history {
        open_history(path, &mut editor);
    }
    shell.history = editor.history().iter().cloned().collect();
    greet(shell);
    loop {
        if std::mem::take(&mut shell.is_stale)
            && let Some(helper) = editor.helper_mut()
        {
            helper.catalog = Arc::new(runtime.block_on(catalog::catalog(&shell.engine)));
        }
        let line = match editor.readline(PROMPT) {
            Ok(line) => line,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(fault(error)),
        };
        if line.trim().is_empty() {
            continue;
        }
        remember(&line, history.as_deref(), &mut editor, shell);
        match runtime.block_on(shell.script(&line, None)) {
            Ok(Flow::Continue) => {}
            Ok(Flow::Quit) => break,
            // The terminal has written ^C.
            Err(failure) if failure.is_cancelled() => note("\ncancelled"),
            Err(failure) => note(failure.report().trim_end()),
        }
    }
    shell.redirect(None)
}

fn remember(
    line: &str,
    file: Option<&std::path::Path>,
    editor: &mut Editor<LineHelper, FileHistory>,
    shell: &mut Shell,
) {
    shell.history.push(line.to_string());
    let is_new = editor.add_history_entry(line).unwrap_or(false);
    if let (Some(path), true) = (file, is_new) {
        // A history that cannot be kept is no reason to stop; the first attempt said so.
        let _ = editor.append_history(path);
    }
}

fn open_history(path: &PathBuf, editor: &mut Editor<LineHelper, FileHistory>) {
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

/// Where typed lines are kept.
fn history_file() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(HISTORY_VARIABLE) {
        return (!path.is_empty()).then(|| path.into());
    }
    let state = match std::env::var_os("XDG_STATE_HOME").filter(|dir| !dir.is_empty()) {
        Some(dir) => PathBuf::from(dir),
        None => std::env::home_dir()?.join(".local").join("state"),
    };
    Some(state.join("threadx").join("history"))
}

fn greet(shell: &Shell) {
    let series = catalog::series(&shell.engine).unwrap_or_default();
    let root = shell.engine.workspace().store.dir().display().to_string();
    note(&format!("ThreadX {}, bars in {root} ({} series)", env!("CARGO_PKG_VERSION"), series.len()));
    if series.is_empty() {
        note(
            "There are no bars yet. Three things to try:\n  \
             SELECT * FROM synthetic_bars(1000, '15m') LIMIT 5;   bars out of thin air\n  \
             threadx demo                                         a sweep, its ranking and an equity curve\n  \
             threadx import FILE...                               your own bars",
        );
    }
    let history = if shell.history.is_empty() {
        String::new()
    } else {
        ", Ctrl-R searches ".to_string() + &plural(shell.history.len(), "earlier line")
    };
    note(&format!("help shows help, Tab completes, \\q leaves{history}."));
}

fn fault(error: ReadlineError) -> Error {
    match error {
        ReadlineError::Io(source) => Error::io("read", "the terminal", source),
        other => Error::Internal(format!("line editor: {other}")),
    }
}
