//! `\ds`: the strategies, or one with its parameters.

use super::{Command, Flow};
use crate::repl::help;

pub(super) static DEF: Command = Command {
    name: "ds",
    usage: "\\ds [NAME]",
    summary: "Lists strategies with their parameters and search ranges, or shows one.",
    run: |shell, name| {
        Box::pin(async move {
            let page = match name {
                "" => help::strategies_in_full(&shell.engine)?,
                name => help::strategy(shell.engine.workspace().strategies.get(name)?.as_ref()),
            };
            shell.say(&page)?;
            Ok(Flow::Continue)
        })
    },
};
