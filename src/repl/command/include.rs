//! `\i`: runs a file.

use std::path::Path;

use super::Command;
use crate::error::Error;

pub(super) static DEF: Command = Command {
    name: "i",
    usage: "\\i FILE",
    summary: "Runs the statements and commands of a file, up to the first error.",
    run: |shell, argument| {
        Box::pin(async move {
            if argument.is_empty() {
                return Err(Error::argument("\\i needs the name of a file").into());
            }
            shell.file(Path::new(argument)).await
        })
    },
};
