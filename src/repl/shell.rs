//! The state that a prompt and a script share, and how they run statements and commands.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use futures::future::BoxFuture;

use crate::engine::script;
use crate::error::{Error, Result, nearest};
use crate::repl::command::{self, Flow};
use crate::repl::failure::Failure;
use crate::repl::highlight;
use crate::repl::history::History;
use crate::repl::interrupt::interrupted;
use crate::repl::kept::Kept;
use crate::repl::output::Output;
use crate::repl::pager::{self, Page, Pager};
use crate::repl::render::{Format, Style, plural};
use crate::repl::statement::{self, Done, Sink};
use crate::repl::token::{substitute, variables};
use crate::report::directive;
use crate::report::fault::Fault;
use crate::session::Engine;

/// Rows of a table that a terminal shows unless `\rows` says otherwise.
pub const TERMINAL_ROWS: usize = 40;

/// The same where a pager shows what is longer than the screen.
pub const PAGED_ROWS: usize = 2_000;

/// A session at the prompt or in a script.
pub struct Shell {
    /// The engine.
    pub engine: Engine,
    /// How results look.
    pub display: Display,
    /// Values of `:name`.
    pub variables: BTreeMap<String, String>,
    /// What was typed.
    pub history: History,
    /// The last SQL statement that ran, with its variables, for `\watch` and `\e`.
    pub last: Option<String>,
    /// Text that the next prompt begins with.
    pub draft: Option<String>,
    /// What shows long results.
    pub pager: Pager,
    /// Whether names may have changed since the prompt last looked.
    pub is_stale: bool,
    /// Whether a person types.
    pub is_interactive: bool,
    /// Whether a statement is repeated, so that its results follow each other without a pager.
    pub is_watching: bool,
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
    /// Whether a table becomes one line per value.
    pub expanded: Expanded,
    /// Whether the time of each statement is told.
    pub timing: bool,
    /// Rows of a table on a terminal.
    pub rows: Rows,
}

/// When a result is shown as one line per value instead of one per row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Expanded {
    /// A single row of a table that a terminal is too narrow for.
    #[default]
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

/// How many rows of a table a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rows {
    /// What can be looked at: more with a pager than without one.
    #[default]
    Auto,
    /// So many, half of them from the end.
    Most(usize),
    /// All.
    All,
}

/// Most scripts inside scripts.
const MOST_NESTED: usize = 16;

impl Shell {
    /// A shell over an engine.
    pub fn new(engine: Engine, output: Output, format: Option<Format>) -> Self {
        let display = Display { format, ..Display::default() };
        Shell {
            engine,
            display,
            variables: BTreeMap::new(),
            history: History::default(),
            last: None,
            draft: None,
            pager: Pager::from_environment(std::env::var(pager::VARIABLE).ok()),
            is_stale: true,
            is_interactive: false,
            is_watching: false,
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
        self.last = Some(text.to_string());
        self.sql(text).await?;
        Ok(Flow::Continue)
    }

    /// Runs one SQL statement after its variables are replaced.
    pub async fn sql(&mut self, text: &str) -> Result<Done> {
        if let Some(name) = variables(text).find(|name| !self.variables.contains_key(*name)) {
            return Err(self.unknown_variable(name));
        }
        let sql = self.substituted(text);
        self.statement(&sql).await
    }

    /// The text with the values of variables in it.
    pub fn substituted(&self, text: &str) -> String {
        substitute(text, |name| self.variables.get(name).cloned())
    }

    fn unknown_variable(&self, name: &str) -> Error {
        let hint = match nearest(name, self.variables.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `:{near}`?"),
            None => format!("\\set {name} VALUE makes it"),
        };
        Error::argument(format!("there is no variable `:{name}`; {hint}"))
    }

    /// Runs one SQL statement, shows its result, and tells what happened.
    pub async fn statement(&mut self, sql: &str) -> Result<Done> {
        let started = Instant::now();
        let (format, style) = (self.format(), self.style());
        self.output.open_page(self.page());
        let sink = Sink { format, style, output: &mut self.output, kept: &mut self.kept };
        let done = statement::run(&self.engine, sql, sink).await.inspect_err(|_| self.kept.fail());
        let elapsed = started.elapsed();
        self.output.close_page()?;
        let done = done?;
        self.tell(done, elapsed);
        self.is_stale |= !matches!(done, Done::Rows(_) | Done::Left(_));
        Ok(done)
    }

    /// The page that the next result is written to, if a pager may show it.
    fn page(&self) -> Option<Page> {
        if !self.is_interactive || !self.pager.is_on || self.is_watching {
            return None;
        }
        let (rows, columns) = console::Term::stdout().size_checked()?;
        Some(Page::new(&self.pager.command, rows.into(), columns.into()))
    }

    /// Says on the standard error what a result does not say itself.
    fn tell(&self, done: Done, elapsed: Duration) {
        let is_watched = self.output.is_terminal();
        let what = match done {
            Done::Rows(rows) if is_watched => Some(plural(rows, "row")),
            Done::Rows(rows) if self.is_interactive => {
                Some(format!("{} to {}", plural(rows, "row"), self.output.path().unwrap_or(Path::new("-")).display()))
            }
            Done::Left(rows) => Some(format!("left after {}", plural(rows, "row"))),
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
        if self.display.expanded == Expanded::On {
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
        let max_rows = match self.display.rows {
            Rows::Auto if self.page().is_some() => Some(PAGED_ROWS),
            Rows::Auto => Some(TERMINAL_ROWS),
            Rows::Most(rows) => Some(rows),
            Rows::All => None,
        };
        let turns = self.display.expanded == Expanded::Auto;
        let colour = highlight::is_wanted();
        Style { width, max_rows, types: true, turns, colour, to_file, ..Style::default() }
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

    /// Writes text for people to the standard output, through the pager if it is longer than the screen.
    pub fn say(&self, text: &str) -> Result<()> {
        let mut screen = Output::stdout();
        screen.open_page(self.page());
        screen.write(format!("{}\n", text.trim_end()).as_bytes())?;
        screen.close_page()
    }
}

/// The whole standard input; Ctrl-C ends the wait.
async fn stdin() -> Result<std::io::Result<String>> {
    tokio::select! {
        read = tokio::task::spawn_blocking(|| std::io::read_to_string(std::io::stdin())) => {
            read.map_err(|e| Error::Internal(e.to_string()))
        }
        _ = interrupted() => Err(Error::Cancelled),
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
