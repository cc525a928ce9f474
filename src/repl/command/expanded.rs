//! `\x`: one line per value.

use super::{Command, Flow, switch};

pub(super) static DEF: Command = Command {
    name: "x",
    usage: "\\x [on|off]",
    summary: "Shows one line per value, for wide rows.",
    run: |shell, argument| {
        Box::pin(async move {
            shell.display.is_expanded = switch("x", argument, shell.display.is_expanded)?;
            shell.confirm(if shell.display.is_expanded { "one line per value" } else { "one line per row" });
            Ok(Flow::Continue)
        })
    },
};
