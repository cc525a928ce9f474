//! `\o`: sends results to a file.

use std::path::Path;

use super::{Command, Flow};
use crate::repl::shell::note;

pub(super) static DEF: Command = Command {
    name: "o",
    usage: "\\o [FILE]",
    summary: "Sends results to a file, which appears when `\\o` alone ends it; its extension names the format.",
    run: |shell, argument| {
        Box::pin(async move {
            let finished = shell.target().map(Path::to_path_buf);
            shell.redirect((!argument.is_empty()).then_some(Path::new(argument)))?;
            if let Some(path) = finished {
                note(&format!("{} is complete", path.display()));
            }
            if let Some(path) = shell.target() {
                note(&format!("results go to {} as {}; \\o ends it", path.display(), shell.format().name()));
            }
            Ok(Flow::Continue)
        })
    },
};
