//! What a command says about itself, and how one is found and run.

use futures::future::BoxFuture;

use super::COMMANDS;
use crate::engine::script::is_incomplete;
use crate::error::{Error, Result, nearest};
use crate::repl::failure::Failure;
use crate::repl::shell::Shell;
use crate::repl::token::tokens;

/// One backslash command.
pub struct Command {
    /// Name after the backslash.
    pub name: &'static str,
    /// Arguments as documentation writes them.
    pub usage: &'static str,
    /// One sentence.
    pub summary: &'static str,
    /// Does it; the text is what follows the name, trimmed.
    pub run: for<'a> fn(&'a mut Shell, &'a str) -> BoxFuture<'a, Result<Flow, Failure>>,
}

/// What happens after a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// The next statement.
    Continue,
    /// The end of the program.
    Quit,
}

/// Words that are commands without a backslash.
const BARE: &[(&str, &str)] = &[("demo", "demo"), ("exit", "q"), ("help", "?"), ("quit", "q")];

/// What DuckDB and SQLite call some commands, behind a point.
const DOTTED: &[(&str, &str)] = &[
    ("edit", "e"),
    ("exit", "q"),
    ("functions", "df"),
    ("help", "?"),
    ("mode", "format"),
    ("once", "o"),
    ("output", "o"),
    ("quit", "q"),
    ("read", "i"),
    ("schema", "d"),
    ("tables", "d"),
    ("timer", "timing"),
];

/// Commands that take statements as they are typed, with their variables.
const RAW: &[&str] = &["e", "history"];

/// The command line in a piece of a script, with its backslash or as a bare word; `None` if it is SQL.
pub fn as_command(text: &str) -> Option<&str> {
    let text = text.trim().trim_end_matches(';').trim_end();
    let first = text.split_whitespace().next()?;
    let is_bare = BARE.iter().any(|(word, _)| word.eq_ignore_ascii_case(first));
    let is_dotted = text.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    (text.starts_with('\\') || is_bare || is_dotted).then_some(text)
}

/// A command on a line of its own below a statement that does not end yet: the statement and the command.
pub fn below(text: &str) -> Option<(&str, &str)> {
    let (statement, line) = text.trim_end().rsplit_once('\n')?;
    let is_inside = tokens(statement).last().is_some_and(|token| token.is_open);
    let is_below = line.trim_start().starts_with('\\') && is_incomplete(statement) && !is_inside;
    is_below.then_some((statement, line.trim()))
}

/// The command that a line names and its argument.
pub fn find(line: &str) -> Result<(&'static Command, &str)> {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let bare = BARE.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, name)| *name);
    if let Some(dotted) = word.strip_prefix('.') {
        let hint = match DOTTED.iter().find(|(known, _)| known.eq_ignore_ascii_case(dotted)) {
            Some((_, name)) => format!("`\\{name}` does that"),
            None => "\\? lists them".to_string(),
        };
        return Err(Error::argument(format!("unknown command `{word}`; commands begin with a backslash: {hint}")));
    }
    let name = bare.or(word.strip_prefix('\\')).unwrap_or(word);
    let command = COMMANDS.iter().copied().find(|command| command.name == name).ok_or_else(|| {
        let near = nearest(name, COMMANDS.iter().map(|command| command.name));
        let hint = near.map_or("\\? lists all".to_string(), |near| format!("did you mean `\\{near}`?"));
        Error::argument(format!("unknown command `\\{name}`; {hint}"))
    })?;
    Ok((command, rest.trim()))
}

/// Runs a command line.
pub async fn run(shell: &mut Shell, line: &str) -> Result<Flow, Failure> {
    let (command, argument) = find(line)?;
    if RAW.contains(&command.name) {
        return (command.run)(shell, argument).await;
    }
    let argument = shell.substituted(argument);
    (command.run)(shell, &argument).await
}

/// Reads `on`, `off` or nothing, which changes the present value.
pub(super) fn switch(command: &'static str, argument: &str, present: bool) -> Result<bool> {
    match argument.to_lowercase().as_str() {
        "" => Ok(!present),
        "on" | "true" => Ok(true),
        "off" | "false" => Ok(false),
        other => Err(Error::argument(format!("\\{command} takes `on` or `off`, got `{other}`"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_and_unknown_ones_get_a_hint() {
        assert_eq!(as_command(" \\df sma ;"), Some("\\df sma"));
        assert_eq!(as_command("help sma"), Some("help sma"));
        assert_eq!(as_command("SELECT help"), None);
        let (command, argument) = find("HELP sma").unwrap();
        assert_eq!((command.name, argument), ("?", "sma"));
        let error = |line| find(line).map(|_| ()).unwrap_err().to_string();
        assert_eq!(error("\\timin"), "unknown command `\\timin`; did you mean `\\timing`?");
        assert_eq!(as_command(".5 + 1"), None);
        assert_eq!(error(".tables"), "unknown command `.tables`; commands begin with a backslash: `\\d` does that");
        assert_eq!(error(".nope x"), "unknown command `.nope`; commands begin with a backslash: \\? lists them");
        assert_eq!(error("\\copyright"), "unknown command `\\copyright`; \\? lists all");
    }

    #[test]
    fn a_command_below_an_open_statement_is_found() {
        assert_eq!(below("SELECT 1,\n \\d ohlcv\n"), Some(("SELECT 1,", "\\d ohlcv")));
        for text in ["SELECT 1;\n\\d", "SELECT '\n\\d", "/* x\n\\d", "\\d", "SELECT 1\nFROM t"] {
            assert_eq!(below(text), None, "{text}");
        }
    }

    #[test]
    fn every_command_has_its_documentation_and_its_own_name() {
        let mut names: Vec<&str> = COMMANDS.iter().map(|command| command.name).collect();
        assert!(names.is_sorted(), "{names:?}");
        names.dedup();
        assert_eq!(names.len(), COMMANDS.len());
        for command in COMMANDS {
            assert!(command.summary.ends_with('.') && command.usage.starts_with('\\'), "{}", command.name);
        }
    }
}
