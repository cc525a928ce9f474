//! `\set`: variables for `:name` in statements.

use super::{Command, Flow};
use crate::error::Error;

pub(super) static DEF: Command = Command {
    name: "set",
    usage: "\\set [NAME [VALUE]]",
    summary: "Sets a variable that statements use as `:name` or, as a string, `:'name'`; no value removes it.",
    run: |shell, argument| {
        Box::pin(async move {
            let (name, value) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
            if name.is_empty() {
                let list: String = shell.variables.iter().map(|(name, value)| format!("{name} = {value}\n")).collect();
                shell.say(if list.is_empty() { "no variables; \\set NAME VALUE makes one" } else { &list })?;
            } else if !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
                let message = format!("a variable has letters, digits and underscores in its name, got `{name}`");
                return Err(Error::argument(message).into());
            } else if value.is_empty() {
                shell.variables.remove(name);
            } else {
                shell.variables.insert(name.to_string(), value.trim().to_string());
            }
            Ok(Flow::Continue)
        })
    },
};
