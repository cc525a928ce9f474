//! `\history`: what was typed.

use super::{Command, Flow};
use crate::error::Error;

/// Entries shown without a number.
const SHOWN: usize = 20;

pub(super) static DEF: Command = Command {
    name: "history",
    usage: "\\history [N]",
    summary: "Shows the last statements; Ctrl-R searches in them.",
    run: |shell, argument| {
        Box::pin(async move {
            let shown = match argument {
                "" => SHOWN,
                number => {
                    number.parse().map_err(|_| Error::argument(format!("\\history takes a number, got `{number}`")))?
                }
            };
            let start = shell.history.len().saturating_sub(shown);
            let text: String = shell.history[start..].iter().map(|line| format!("{line}\n")).collect();
            shell.say(&text)?;
            Ok(Flow::Continue)
        })
    },
};
