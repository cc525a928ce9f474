//! `\rows`: how many rows of a table a terminal shows.

use super::{Command, Flow};
use crate::error::Error;
use crate::repl::render::plural;
use crate::repl::shell::note;

pub(super) static DEF: Command = Command {
    name: "rows",
    usage: "\\rows [N|all]",
    summary: "Sets how many rows of a table a terminal shows.",
    run: |shell, argument| {
        Box::pin(async move {
            match argument {
                "" => {}
                "all" => shell.display.max_rows = None,
                number => match number.parse() {
                    Ok(rows) if rows > 0 => shell.display.max_rows = Some(rows),
                    _ => {
                        return Err(
                            Error::argument(format!("\\rows takes a number above 0 or `all`, got `{number}`")).into()
                        );
                    }
                },
            }
            let text = match shell.display.max_rows {
                Some(rows) => format!("tables show {}", plural(rows, "row")),
                None => "tables show all rows".into(),
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
