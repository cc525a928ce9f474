//! `\set`: variables for `:name` in statements.

use super::{Command, Flow};
use crate::error::Error;
use crate::repl::token::is_variable_name;

pub(super) static DEF: Command = Command {
    name: "set",
    usage: "\\set [NAME [VALUE]]",
    summary: "Sets a variable, used as `:name`, as a string `:'name'` or as a name `:\"name\"`; without a value, shows it.",
    run: |shell, argument| {
        Box::pin(async move {
            let (name, value) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
            let line = |(name, value): (&String, &String)| format!("{name} = {value}\n");
            if name.is_empty() {
                let list: String = shell.variables.iter().map(line).collect();
                shell.say(if list.is_empty() { "no variables; \\set NAME VALUE makes one" } else { &list })?;
            } else if !is_variable_name(name) {
                let message = format!("a variable has letters, digits and underscores in its name, got `{name}`");
                return Err(Error::argument(message).into());
            } else if value.is_empty() {
                let known = shell.variables.keys().map(String::as_str);
                let entry =
                    shell.variables.get_key_value(name).ok_or_else(|| Error::unknown("variable", name, "", known))?;
                shell.say(&line(entry))?;
            } else {
                shell.variables.insert(name.to_string(), unquoted(value.trim()));
                shell.is_stale = true;
            }
            Ok(Flow::Continue)
        })
    },
};

/// A value that is one string of SQL without its quotes, as psql takes it; any other as it is.
fn unquoted(value: &str) -> String {
    let inner = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    match inner {
        Some(inner) if !inner.replace("''", "").contains('\'') => inner.replace("''", "'"),
        _ => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_around_a_whole_value_are_taken_off() {
        for (text, value) in [
            ("BTC", "BTC"),
            ("'BTC USD'", "BTC USD"),
            ("'it''s'", "it's"),
            ("'a', 'b'", "'a', 'b'"),
            ("'", "'"),
            ("''", ""),
        ] {
            assert_eq!(unquoted(text), value);
        }
    }
}
