//! `\df`: the functions, or the page of one.

use super::{Command, Flow};
use crate::repl::help;

pub(super) static DEF: Command = Command {
    name: "df",
    usage: "\\df [NAME]",
    summary: "Lists table functions, scalar functions, indicators and metrics, or shows the page of one.",
    run: |shell, name| {
        Box::pin(async move {
            let page = if name.is_empty() { help::functions() } else { help::page(&shell.engine, name)? };
            shell.say(&page)?;
            Ok(Flow::Continue)
        })
    },
};
