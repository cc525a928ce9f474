//! `\history`: what was typed.

use super::{Command, Flow};
use crate::repl::shell::note;

/// Entries shown without a number.
const SHOWN: usize = 20;

pub(super) static DEF: Command = Command {
    name: "history",
    usage: "\\history [N|TEXT]",
    summary: "Shows the last N statements, or those that contain a text; Ctrl-R searches, prompt.history is a table of them.",
    run: |shell, argument| {
        Box::pin(async move {
            let found = match argument.parse::<usize>() {
                Ok(number) => shell.history.find("", number),
                Err(_) if argument.is_empty() => shell.history.find("", SHOWN),
                Err(_) => shell.history.find(argument, usize::MAX),
            };
            if found.is_empty() {
                let what = if shell.history.is_empty() {
                    "nothing was typed yet".into()
                } else {
                    format!("nothing typed contains `{argument}`")
                };
                note(&what);
                return Ok(Flow::Continue);
            }
            let width = found.last().map_or(0, |(number, _)| number.to_string().len());
            let indent = format!("\n{:width$}  ", "");
            let lines =
                found.iter().map(|(number, text)| format!("{number:width$}  {}\n", text.replace('\n', &indent)));
            shell.say(&lines.collect::<String>())?;
            Ok(Flow::Continue)
        })
    },
};
