//! `\d`: what there is to query.

use super::{Command, Flow};
use crate::error::{Error, Result};
use crate::repl::catalog;
use crate::repl::failure::Failure;
use crate::repl::help;
use crate::repl::shell::Shell;

pub(super) static DEF: Command = Command {
    name: "d",
    usage: "\\d [NAME]",
    summary: "Lists tables, series and strategies, or shows one: the columns of a table, the timeframes of a symbol.",
    run: |shell, name| {
        Box::pin(async move {
            match name {
                "" => {
                    let page = list(shell).await?;
                    shell.say(&page)?;
                }
                name => describe(shell, name).await?,
            }
            Ok(Flow::Continue)
        })
    },
};

async fn list(shell: &Shell) -> Result<String> {
    let mut page = String::new();
    let tables = catalog::tables(&shell.engine).await?;
    help::section("tables", tables.iter().map(|t| (t.name.as_str(), t.columns.join(", "))), &mut page);
    let series = catalog::series(&shell.engine)?;
    help::section("series", help::by_symbol(&series), &mut page);
    page += &help::strategies(&shell.engine)?;
    Ok(page)
}

/// Shows what has this name: a table, a symbol, a strategy, a stored result or a function.
async fn describe(shell: &mut Shell, name: &str) -> Result<(), Failure> {
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    let tables = catalog::tables(&shell.engine).await?;
    if name.contains(['.', '"']) || tables.iter().any(|table| is(&table.name)) {
        shell.statement(&format!("DESCRIBE {name}")).await?;
        return Ok(());
    }
    let text = name.replace('\'', "''");
    let series = catalog::series(&shell.engine)?;
    if series.iter().any(|(symbol, _)| is(symbol)) {
        let sql = "SELECT symbol, timeframe, rows, first_ts, last_ts FROM datasets() WHERE symbol = ";
        shell.statement(&format!("{sql}upper('{text}') ORDER BY timeframe")).await?;
        return Ok(());
    }
    let results = shell.engine.workspace().results.names()?;
    if results.iter().any(|result| is(result.as_str())) {
        shell.statement(&format!("SELECT * FROM results() WHERE lower(name) = lower('{text}')")).await?;
        return Ok(());
    }
    let page = help::thing(&shell.engine, name).ok_or_else(|| {
        let strategies = shell.engine.workspace().strategies.all();
        let known = tables.iter().map(|table| &table.name).chain(series.iter().map(|(symbol, _)| symbol));
        let known = known.chain(strategies.iter().map(|strategy| &strategy.name));
        Error::unknown("table, series or strategy", name, "", known.map(String::as_str))
    })?;
    Ok(shell.say(&page)?)
}
