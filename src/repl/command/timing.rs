//! `\timing`: tells how long statements take.

use super::{Command, Flow, switch};

pub(super) static DEF: Command = Command {
    name: "timing",
    usage: "\\timing [on|off]",
    summary: "Tells how long each statement takes.",
    run: |shell, argument| {
        Box::pin(async move {
            shell.display.timing = switch("timing", argument, shell.display.timing)?;
            shell.confirm(if shell.display.timing { "timing is on" } else { "timing is off" });
            Ok(Flow::Continue)
        })
    },
};
