//! `\pager`: what shows results that are longer than the screen.

use super::{Command, Flow};
use crate::repl::shell::note;

pub(super) static DEF: Command = Command {
    name: "pager",
    usage: "\\pager [on|off|PROGRAM]",
    summary: "Shows results that are longer than the screen with a program: $PAGER, else less.",
    run: |shell, argument| {
        Box::pin(async move {
            match argument {
                "" => {}
                "on" | "off" => shell.pager.is_on = argument == "on",
                program => {
                    shell.pager.command = program.to_string();
                    shell.pager.is_on = true;
                }
            }
            let text = match shell.pager.is_on {
                true => format!("long results are shown by {}", shell.pager.command),
                false => "long results are not paged".to_string(),
            };
            if argument.is_empty() {
                note(&text)
            } else {
                shell.confirm(&text)
            }
            Ok(Flow::Continue)
        })
    },
};
