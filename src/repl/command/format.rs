//! `\format`: how results are written.

use super::{Command, Flow};
use crate::repl::render::Format;
use crate::repl::shell::{Expanded, note};

pub(super) static DEF: Command = Command {
    name: "format",
    usage: "\\format [NAME]",
    summary: "Sets the format of results: table, csv, json, ndjson, markdown, vertical, parquet or arrow.",
    run: |shell, argument| {
        Box::pin(async move {
            if !argument.is_empty() {
                shell.display.format = Some(Format::parse(argument)?);
                shell.display.expanded = Expanded::Auto;
            }
            let text = format!("format is {}", shell.format().name());
            if argument.is_empty() {
                note(&text)
            } else {
                shell.confirm(&text)
            }
            Ok(Flow::Continue)
        })
    },
};
