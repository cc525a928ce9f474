//! `\?`: what can be asked and typed.

use super::{Command, Flow};
use crate::repl::help;

pub(super) static DEF: Command = Command {
    name: "?",
    usage: "\\? [TOPIC]",
    summary: "Help; `help TOPIC` does the same.",
    run: |shell, topic| {
        Box::pin(async move {
            let page = help::page(&shell.engine, topic)?;
            shell.say(&page)?;
            Ok(Flow::Continue)
        })
    },
};
