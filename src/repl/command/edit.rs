//! `\e`: writes a statement in an editor.

use std::io::Write;

use super::{Command, Flow};
use crate::error::{Error, Result};
use crate::repl::pager;
use crate::repl::shell::Shell;

/// Environment variables that name the editor, the first one first.
const VARIABLES: [&str; 2] = ["VISUAL", "EDITOR"];

const DEFAULT: &str = if cfg!(windows) { "notepad" } else { "vi" };

pub(super) static DEF: Command = Command {
    name: "e",
    usage: "\\e [STATEMENT|N]",
    summary: "Edits the last, the given or the Nth statement with $VISUAL or $EDITOR; it comes back to the prompt.",
    run: |shell, argument| {
        Box::pin(async move {
            if !shell.is_interactive {
                return Err(Error::argument("\\e needs the prompt, where a person types").into());
            }
            let text = text(shell, argument)?;
            let edited = edit(&text)?;
            let edited = edited.trim_end();
            shell.draft = (!edited.is_empty()).then(|| edited.to_string());
            Ok(Flow::Continue)
        })
    },
};

/// What the editor begins with.
fn text(shell: &Shell, argument: &str) -> Result<String> {
    if let Ok(number) = argument.parse::<usize>() {
        return shell
            .history
            .get(number)
            .ok_or_else(|| Error::argument(format!("the history has no entry {number}; \\history shows the numbers")));
    }
    if !argument.is_empty() {
        return Ok(argument.to_string());
    }
    Ok(shell.last.as_ref().map_or(String::new(), |sql| format!("{sql};\n")))
}

/// Runs the editor on a text.
fn edit(text: &str) -> Result<String> {
    let editor = VARIABLES.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()));
    let editor = editor.unwrap_or_else(|| DEFAULT.into());
    let mut builder = tempfile::Builder::new();
    let mut file =
        builder.prefix("threadx-").suffix(".sql").tempfile().map_err(|e| Error::io("create", "a file to edit", e))?;
    file.write_all(text.as_bytes()).and_then(|()| file.flush()).map_err(|e| Error::io("write", file.path(), e))?;
    let path = file.into_temp_path();
    // The editor may be a command line with arguments, as the shell reads it.
    let line =
        if cfg!(windows) { format!("{editor} \"{}\"", path.display()) } else { format!("{editor} \"$THREADX_FILE\"") };
    let status = pager::shell(&line).env("THREADX_FILE", &path).status().map_err(|e| Error::io("start", &editor, e))?;
    if !status.success() {
        return Err(Error::argument(format!(
            "the editor `{editor}` failed ({status}); $VISUAL or $EDITOR names another"
        )));
    }
    std::fs::read_to_string(&path).map_err(|e| Error::io("read", &path, e))
}
