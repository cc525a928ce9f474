//! `\rows`: how many rows of a table a terminal shows.

use super::{Command, Flow};
use crate::error::Error;
use crate::repl::render::plural;
use crate::repl::shell::{PAGED_ROWS, Rows, TERMINAL_ROWS, note};

pub(super) static DEF: Command = Command {
    name: "rows",
    usage: "\\rows [N|all|auto]",
    summary: "Sets how many rows of a table a terminal shows, half of them from the end.",
    run: |shell, argument| {
        Box::pin(async move {
            match argument {
                "" => {}
                "all" => shell.display.rows = Rows::All,
                "auto" => shell.display.rows = Rows::Auto,
                number => match number.parse() {
                    Ok(rows) if rows > 0 => shell.display.rows = Rows::Most(rows),
                    _ => {
                        let message = format!("\\rows takes a number above 0, `all` or `auto`, got `{number}`");
                        return Err(Error::argument(message).into());
                    }
                },
            }
            let text = match shell.display.rows {
                Rows::Most(rows) => format!("tables show {}", plural(rows, "row")),
                Rows::All => "tables show all rows".into(),
                Rows::Auto => format!(
                    "tables show {}, or {} in the pager",
                    plural(TERMINAL_ROWS, "row"),
                    plural(PAGED_ROWS, "row")
                ),
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
