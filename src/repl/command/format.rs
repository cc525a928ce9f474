//! `\format`: how results are written.

use super::{Command, Flow};
use crate::repl::render::Format;
use crate::repl::shell::note;

pub(super) static DEF: Command = Command {
    name: "format",
    usage: "\\format [table|csv|json|ndjson|markdown|vertical|parquet|arrow]",
    summary: "Sets the format of results; without a name it tells the present one.",
    run: |shell, argument| {
        Box::pin(async move {
            if !argument.is_empty() {
                shell.display.format = Some(Format::parse(argument)?);
                shell.display.is_expanded = false;
            }
            note(&format!("format is {}", shell.format().name()));
            Ok(Flow::Continue)
        })
    },
};
