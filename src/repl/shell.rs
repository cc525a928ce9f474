//! The state that a prompt and a script share, and how they run statements and commands.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;

use crate::engine::script;
use crate::error::{Error, Result};
use crate::repl::command::{self, Flow};
use crate::repl::failure::Failure;
use crate::repl::kept::Kept;
use crate::repl::output::Output;
use crate::repl::render::{Format, Style, plural};
use crate::repl::statement::{self, Done, Sink};
use crate::repl::token::substitute;
use crate::report::directive;
use crate::report::fault::Fault;
use crate::session::Engine;

/// Rows of a table that a terminal shows unless `\rows` says otherwise.
pub const TERMINAL_ROWS: usize = 40;

/// A session at the prompt or in a script.
pub struct Shell {
    /// The engine.
    pub engine: Engine,
    /// How results look.
    pub display: Display,
    /// Values of `:name`.
    pub variables: BTreeMap<String, String>,
    /// Lines that were typed, oldest first.
    pub history: Vec<String>,
    /// Whether names may have changed since the prompt last looked.
    pub is_stale: bool,
    /// Whether a person types.
    pub is_interactive: bool,
    /// The last result.
    pub kept: Kept,
    output: Output,
    depth: usize,
}

/// How results look.
#[derive(Debug, Clone, Copy, Default)]
pub struct Display {
    /// The format that was asked for.
    pub format: Option<Format>,
    /// One line per value, whatever the format.
    pub is_expanded: bool,
    /// Whether the time of each statement is told.
    pub timing: bool,
    /// Rows of a table on a terminal; `None` shows all.
    pub max_rows: Option<usize>,
}

/// Most scripts inside scripts.
const MOST_NESTED: usize = 16;

impl Shell {
    /// A shell over an engine.
    pub fn new(engine: Engine, output: Output, format: Option<Format>) -> Self {
        let display = Display { format, max_rows: Some(TERMINAL_ROWS), ..Display::default() };
        Shell {
            engine,
            display,
            variables: BTreeMap::new(),
            history: vec![],
            is_stale: true,
            is_interactive: false,
            kept: Kept::default(),
            output,
            depth: 0,
        }
    }

    /// Runs a script: statements and, at the start of a line, backslash commands. It stops at the first failure. `name` is
    /// what failures call it; without one they show only the statement.
    pub fn script<'a>(&'a mut self, text: &'a str, name: Option<&'a str>) -> BoxFuture<'a, Result<Flow, Failure>> {
        Box::pin(async move {
            let mut line = 1;
            let mut rest = text;
            while !rest.is_empty() {
                let (block, after) = next_block(rest);
                for piece in pieces(block) {
                    let at = line + piece.line - 1;
                    let flow = self.piece(piece.text).await;
                    match flow.map_err(|failure| failure.within(name, at, piece.text))? {
                        Flow::Continue => {}
                        Flow::Quit => return Ok(Flow::Quit),
                    }
                }
                line += block.matches('\n').count();
                rest = after;
            }
            Ok(Flow::Continue)
        })
    }

    /// Runs a file of statements; `-` is the standard input.
    pub async fn file(&mut self, path: &Path) -> Result<Flow, Failure> {
        if self.depth >= MOST_NESTED {
            return Err(Error::argument(format!("{}: scripts are nested too deeply", path.display())).into());
        }
        let is_stdin = path == Path::new("-");
        let text = if is_stdin { stdin().await? } else { std::fs::read_to_string(path) };
        let text = text.map_err(|e| Error::io("read", path, e))?;
        let name = if is_stdin { "<stdin>".to_string() } else { path.display().to_string() };
        let declared = self.declare(&text, &name)?;
        self.depth += 1;
        let flow = self.script(text.trim_start_matches('\u{feff}'), Some(&name)).await;
        self.depth -= 1;
        for name in declared {
            self.variables.remove(&name);
        }
        flow
    }

    /// Gives the parameters of a report file their defaults, where there is no variable of the name, and tells which.
    fn declare(&mut self, text: &str, name: &str) -> Result<Vec<String>, Failure> {
        let mut declared = vec![];
        let at = |fault: Fault| Failure::from(*fault.error).within(Some(name), fault.line, &fault.text);
        for parameter in directive::parameters(text).map_err(at)? {
            if let Some(value) = parameter.variable().filter(|_| !self.variables.contains_key(&parameter.name)) {
                self.variables.insert(parameter.name.clone(), value.to_string());
                declared.push(parameter.name);
            }
        }
        Ok(declared)
    }

    /// Runs one statement or one command.
    async fn piece(&mut self, text: &str) -> Result<Flow, Failure> {
        if let Some(line) = command::as_command(text) {
            return command::run(self, line).await;
        }
        let sql = substitute(text, |name| self.variables.get(name).cloned());
        self.statement(&sql).await?;
        Ok(Flow::Continue)
    }

    /// Runs one SQL statement, shows its result, and tells what happened.
    pub async fn statement(&mut self, sql: &str) -> Result<Done> {
        let started = Instant::now();
        let (format, style) = (self.format(), self.style());
        let sink = Sink { format, style, output: &mut self.output, kept: &mut self.kept };
        let done = statement::run(&self.engine, sql, sink).await.inspect_err(|_| self.kept.fail())?;
        self.tell(done, started.elapsed());
        self.is_stale |= !matches!(done, Done::Rows(_));
        Ok(done)
    }

    /// Says on the standard error what a result does not say itself.
    fn tell(&self, done: Done, elapsed: Duration) {
        let is_watched = self.output.is_terminal();
        let what = match done {
            Done::Rows(rows) if is_watched => Some(plural(rows, "row")),
            Done::Rows(rows) if self.is_interactive => {
                Some(format!("{} to {}", plural(rows, "row"), self.output.path().unwrap_or(Path::new("-")).display()))
            }
            Done::Written(rows) => Some(format!("{} written", plural(rows as usize, "row"))),
            Done::Changed if self.is_interactive => Some("done".to_string()),
            Done::Rows(_) | Done::Changed => None,
        };
        let time = self.display.timing.then(|| duration(elapsed));
        let parts: Vec<String> = what.into_iter().chain(time).collect();
        if !parts.is_empty() {
            note(&parts.join(", "));
        }
    }

    /// The format of the next result.
    pub fn format(&self) -> Format {
        if self.display.is_expanded {
            return Format::Vertical;
        }
        let by_name = || self.output.path().and_then(Format::of_path);
        self.display.format.or_else(by_name).unwrap_or(Format::Table)
    }

    fn style(&self) -> Style {
        let to_file = self.output.path().is_some();
        if !self.output.is_terminal() {
            return Style { to_file, ..Style::default() };
        }
        let width = console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
        Style { width, max_rows: self.display.max_rows, types: true, to_file, ..Style::default() }
    }

    /// Sends the following results to a file, or back to the standard output, and completes the file before.
    pub fn redirect(&mut self, path: Option<&Path>) -> Result<()> {
        let next = path.map_or_else(|| Ok(Output::stdout()), Output::file)?;
        std::mem::replace(&mut self.output, next).commit()
    }

    /// The file that results go to.
    pub fn target(&self) -> Option<&Path> {
        self.output.path()
    }

    /// Confirms a command to a person; scripts stay silent.
    pub fn confirm(&self, text: &str) {
        if self.is_interactive {
            note(text);
        }
    }

    /// Writes text for people to the standard output.
    pub fn say(&self, text: &str) -> Result<()> {
        let mut stdout = std::io::stdout().lock();
        let text = format!("{}\n", text.trim_end());
        stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|e| Error::io("write", "stdout", e))
    }
}

/// The whole standard input; Ctrl-C ends the wait.
async fn stdin() -> Result<std::io::Result<String>> {
    tokio::select! {
        read = tokio::task::spawn_blocking(|| std::io::read_to_string(std::io::stdin())) => {
            read.map_err(|e| Error::Internal(e.to_string()))
        }
        _ = tokio::signal::ctrl_c() => Err(Error::Cancelled),
    }
}

/// Writes a line to the standard error; nobody is told if that fails.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// The text up to the next line that is a command, or that command.
fn next_block(text: &str) -> (&str, &str) {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with('\\') && !script::is_incomplete(&text[..end]) {
            return if text[..end].trim().is_empty() { text.split_at(end + line.len()) } else { text.split_at(end) };
        }
        end += line.len();
    }
    (text, "")
}

/// The statements of a block, or its one command.
fn pieces(block: &str) -> Vec<script::Piece<'_>> {
    let text = block.trim();
    if text.starts_with('\\') {
        let line = block[..block.len() - block.trim_start().len()].matches('\n').count() + 1;
        return vec![script::Piece { text, line, closed: true }];
    }
    script::split(block)
}

/// `850 µs`, `12.3 ms`, `4.56 s`, `2 min 5 s`.
pub fn duration(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    match seconds {
        s if s < 1e-3 => format!("{:.0} µs", s * 1e6),
        s if s < 1.0 => format!("{:.1} ms", s * 1e3),
        s if s < 60.0 => format!("{s:.2} s"),
        s => format!("{} min {:.0} s", (s / 60.0) as u64, s % 60.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_cut_at_its_commands() {
        let mut rest = "SELECT 1;\n-- c\n\\x\nSELECT\n'\n\\no'; SELECT 2;\n \\timing on\n";
        let mut blocks = vec![];
        while !rest.is_empty() {
            let (block, after) = next_block(rest);
            blocks.push(block);
            rest = after;
        }
        assert_eq!(blocks, ["SELECT 1;\n-- c\n", "\\x\n", "SELECT\n'\n\\no'; SELECT 2;\n", " \\timing on\n"]);
    }

    #[test]
    fn durations_have_a_fitting_unit() {
        let text = |micros| duration(Duration::from_micros(micros));
        assert_eq!(
            [text(850), text(12_345), text(4_560_000), text(125_000_000)],
            ["850 µs", "12.3 ms", "4.56 s", "2 min 5 s"]
        );
    }
}
