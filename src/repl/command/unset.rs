//! `\unset`: removes a variable.

use super::{Command, Flow};
use crate::error::Error;

pub(super) static DEF: Command = Command {
    name: "unset",
    usage: "\\unset NAME",
    summary: "Removes a variable.",
    run: |shell, name| {
        Box::pin(async move {
            if name.is_empty() {
                return Err(Error::argument("\\unset needs the name of a variable; \\set lists them").into());
            }
            if shell.variables.remove(name).is_none() {
                let known = shell.variables.keys().map(String::as_str);
                return Err(Error::unknown("variable", name, "", known).into());
            }
            shell.is_stale = true;
            Ok(Flow::Continue)
        })
    },
};
