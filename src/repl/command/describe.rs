//! `\d`: what there is to query.

use super::{Command, Flow};
use crate::repl::catalog;
use crate::repl::help;

pub(super) static DEF: Command = Command {
    name: "d",
    usage: "\\d [TABLE]",
    summary: "Lists tables, series and strategies, or the columns of a table.",
    run: |shell, table| {
        Box::pin(async move {
            if !table.is_empty() {
                shell.statement(&format!("DESCRIBE {table}")).await?;
                return Ok(Flow::Continue);
            }
            let mut page = String::new();
            let tables = catalog::tables(&shell.engine).await?;
            help::section("tables", tables.iter().map(|t| (t.name.as_str(), t.columns.join(", "))), &mut page);
            let series = catalog::series(&shell.engine)?;
            help::section("series", help::by_symbol(&series), &mut page);
            page += &help::strategies(&shell.engine)?;
            shell.say(&page)?;
            Ok(Flow::Continue)
        })
    },
};
