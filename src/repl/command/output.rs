//! `\o`: sends results to a file.

use std::path::Path;

use super::{Command, Flow};

pub(super) static DEF: Command = Command {
    name: "o",
    usage: "\\o [FILE]",
    summary: "Sends results to a file, which appears when `\\o` alone ends it; its extension names the format.",
    run: |shell, argument| {
        Box::pin(async move {
            let finished = shell.target().map(Path::to_path_buf);
            shell.redirect((!argument.is_empty()).then_some(Path::new(argument)))?;
            if let Some(path) = finished {
                shell.confirm(&format!("{} is complete", path.display()));
            }
            if let Some(path) = shell.target() {
                shell.confirm(&format!("results go to {} as {}; \\o ends it", path.display(), shell.format().name()));
            }
            Ok(Flow::Continue)
        })
    },
};
