//! `\q`: leaves.

use super::{Command, Flow};

pub(super) static DEF: Command = Command {
    name: "q",
    usage: "\\q",
    summary: "Leaves; so do `quit`, `exit` and Ctrl-D.",
    run: |_, _| Box::pin(async { Ok(Flow::Quit) }),
};
