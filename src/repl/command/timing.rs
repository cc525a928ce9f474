//! `\timing`: tells how long statements take.

use super::{Command, Flow, switch};
use crate::repl::shell::note;

pub(super) static DEF: Command = Command {
    name: "timing",
    usage: "\\timing [on|off]",
    summary: "Tells how long each statement takes.",
    run: |shell, argument| {
        Box::pin(async move {
            shell.display.timing = switch("timing", argument, shell.display.timing)?;
            note(if shell.display.timing { "timing is on" } else { "timing is off" });
            Ok(Flow::Continue)
        })
    },
};
