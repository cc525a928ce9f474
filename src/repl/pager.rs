//! The pager: a program that shows what is longer than the screen.

use std::io::{self, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};

use crate::error::{Error, Result};
use crate::repl::shell::note;

/// Environment variable that names the program.
pub const VARIABLE: &str = "PAGER";

const DEFAULT: &str = "less";

/// Lines of the screen that the prompt and the line about the result take.
const RESERVED: usize = 2;

/// Which program shows long results, and whether it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pager {
    /// Whether long results are given to it.
    pub is_on: bool,
    /// The command line of the shell.
    pub command: String,
}

impl Pager {
    /// The program that `$PAGER` names, else `less`. An empty `$PAGER` or `cat` turns it off.
    pub fn from_environment(value: Option<String>) -> Self {
        let is_on = !matches!(value.as_deref().map(str::trim), Some("" | "cat"));
        Pager { is_on, command: value.filter(|_| is_on).unwrap_or_else(|| DEFAULT.into()) }
    }
}

/// Text on its way to the terminal: held until it is longer than the screen, and then given to the pager as it comes.
pub struct Page {
    command: String,
    rows: usize,
    columns: usize,
    used: usize,
    state: State,
}

enum State {
    /// It is not longer than the screen so far.
    Held(Vec<u8>),
    /// The pager shows it.
    Shown(Child, ChildStdin),
    /// The reader left the pager.
    Left(Child),
    /// There is no such pager.
    Direct,
}

impl Page {
    /// A page for a terminal of this size, in characters.
    pub fn new(command: &str, rows: usize, columns: usize) -> Self {
        Page {
            command: command.to_string(),
            rows: rows.saturating_sub(RESERVED).max(1),
            columns: columns.max(1),
            used: 0,
            state: State::Held(vec![]),
        }
    }

    /// Whether a program shows the text, so that nothing else may be written to the terminal.
    pub fn is_shown(&self) -> bool {
        matches!(self.state, State::Shown(..))
    }

    /// Whether nobody reads any more.
    pub fn is_left(&self) -> bool {
        matches!(self.state, State::Left(_))
    }

    /// Takes a part of the text, which ends at the end of a line.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.state {
            State::Held(held) => {
                held.extend_from_slice(bytes);
                self.used += height(bytes, self.columns);
                if self.used > self.rows { self.start() } else { Ok(()) }
            }
            State::Shown(_, pipe) => match pipe.write_all(bytes) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    if let State::Shown(child, _) = std::mem::replace(&mut self.state, State::Direct) {
                        self.state = State::Left(child);
                    }
                    Ok(())
                }
                done => done.map_err(|e| Error::io("write", "the pager", e)),
            },
            State::Left(_) => Ok(()),
            State::Direct => to_stdout(bytes),
        }
    }

    /// Gives what is held to the pager, or to the terminal if there is no pager.
    fn start(&mut self) -> Result<()> {
        let (next, reason) = match start(&self.command) {
            Ok((child, pipe)) => (State::Shown(child, pipe), None),
            Err(reason) => (State::Direct, Some(reason)),
        };
        if let Some(reason) = reason {
            note(&format!("note: {reason}; \\pager off turns it off, \\pager PROGRAM names another"));
        }
        match std::mem::replace(&mut self.state, next) {
            State::Held(held) => self.write(&held),
            _ => Ok(()),
        }
    }

    /// Shows what is held, or waits until the reader leaves the pager.
    pub fn finish(self) -> Result<()> {
        let mut child = match self.state {
            State::Held(held) => return to_stdout(&held),
            State::Direct => return Ok(()),
            State::Shown(child, pipe) => {
                drop(pipe);
                child
            }
            State::Left(child) => child,
        };
        child.wait().map(|_| ()).map_err(|e| Error::io("wait for", "the pager", e))
    }
}

fn to_stdout(bytes: &[u8]) -> Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(|e| Error::io("write", "stdout", e))
}

/// Lines of the screen that complete lines take, long ones more than one.
fn height(bytes: &[u8], columns: usize) -> usize {
    let text = String::from_utf8_lossy(bytes);
    text.lines().map(|line| console::measure_text_width(line).div_ceil(columns).max(1)).sum()
}

/// Starts the pager. `less` gets options that show a table as it is, unless the user chose others.
fn start(command: &str) -> std::result::Result<(Child, ChildStdin), String> {
    let program = command.split_whitespace().next().unwrap_or_default();
    if !exists(program) {
        return Err(format!("the pager `{program}` was not found"));
    }
    let mut shell = shell(command);
    // The options of the user stay; without colours a table would be full of their codes.
    let options = std::env::var("LESS").map_or_else(|_| "-FRSX".to_string(), |own| format!("{own} -R"));
    shell.env("LESS", options);
    if std::env::var_os("LESSCHARSET").is_none() {
        shell.env("LESSCHARSET", "utf-8");
    }
    let mut child = shell.stdin(Stdio::piped()).spawn().map_err(|e| format!("the pager did not start: {e}"))?;
    let pipe = child.stdin.take().ok_or("the pager takes no text")?;
    Ok((child, pipe))
}

/// Whether the system's shell finds the program.
fn exists(program: &str) -> bool {
    let mut command =
        shell(if cfg!(windows) { "where \"%THREADX_PROGRAM%\"" } else { "command -v \"$THREADX_PROGRAM\"" });
    let done = command.env("THREADX_PROGRAM", program).stdout(Stdio::null()).stderr(Stdio::null()).status();
    done.as_ref().is_ok_and(ExitStatus::success)
}

/// A command line of the system's shell.
pub fn shell(line: &str) -> Command {
    let (program, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut command = Command::new(program);
    command.arg(option).arg(line);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_names_the_program() {
        let of = |value: Option<&str>| Pager::from_environment(value.map(Into::into));
        let pager = |is_on, command: &str| Pager { is_on, command: command.into() };
        assert_eq!(of(None), pager(true, "less"));
        assert_eq!(of(Some("more -d")), pager(true, "more -d"));
        assert_eq!(of(Some("")), pager(false, "less"));
        assert_eq!(of(Some("cat")), pager(false, "less"));
    }

    #[test]
    fn long_lines_take_more_than_one_line_of_the_screen() {
        assert_eq!(height(b"abc\n\nabcdefghijk\n", 10), 4);
        assert_eq!(height("\u{1b}[1mabcdefghij\u{1b}[0m\n".as_bytes(), 10), 1);
        assert_eq!(height("東京東京東京\n".as_bytes(), 10), 2);
    }

    #[cfg(unix)]
    #[test]
    fn only_what_is_longer_than_the_screen_reaches_the_program() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("shown");
        let command = format!("cat > '{}'", target.display());
        let mut page = Page::new(&command, 5, 80);
        for line in ["a\n", "b\n", "c\n"] {
            page.write(line.as_bytes()).unwrap();
        }
        assert!(!page.is_shown());
        page.write(b"d\ne\n").unwrap();
        page.write(b"f\n").unwrap();
        page.finish().unwrap();
        assert_eq!(std::fs::read_to_string(target).unwrap(), "a\nb\nc\nd\ne\nf\n");
    }

    #[cfg(unix)]
    #[test]
    fn a_pager_that_is_left_ends_the_text_quietly() {
        let mut page = Page::new("true", 1, 80);
        let line = "x\n".repeat(100_000);
        while !page.is_left() {
            page.write(line.as_bytes()).unwrap();
        }
        page.finish().unwrap();
    }
}
