//! `\x`: one line per value.

use super::{Command, Flow};
use crate::error::Error;
use crate::repl::shell::Expanded;

pub(super) static DEF: Command = Command {
    name: "x",
    usage: "\\x [on|off|auto]",
    summary: "Shows one line per value, for wide rows; auto does so for a single row that does not fit.",
    run: |shell, argument| {
        Box::pin(async move {
            shell.display.expanded = match argument {
                "" if shell.display.expanded == Expanded::On => Expanded::Auto,
                "" | "on" => Expanded::On,
                "off" => Expanded::Off,
                "auto" => Expanded::Auto,
                other => {
                    let message = format!("\\x takes `on`, `off` or `auto`, got `{other}`");
                    return Err(Error::argument(message).into());
                }
            };
            shell.confirm(match shell.display.expanded {
                Expanded::On => "one line per value",
                Expanded::Off => "one line per row",
                Expanded::Auto => "one line per row, or per value for a single row that does not fit",
            });
            Ok(Flow::Continue)
        })
    },
};
