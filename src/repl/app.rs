//! The program: arguments in, exit status out.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::CommandFactory;
use clap::error::ErrorKind;
use tokio::runtime::Runtime;

use super::args::{Action, Arguments, ReportArguments, SessionArguments, Source};
use super::command::Flow;
use super::failure::Failure;
use super::output::Output;
use super::report::{self, Order};
use super::shell::{Shell, note};
use super::{demo, help, interactive, progress};
use crate::engine::import;
use crate::engine::script::split;
use crate::engine::workspace::Access;
use crate::error::{Error, Result};
use crate::session::Engine;

const FAILED: u8 = 1;
const USAGE: u8 = 2;
const INTERRUPTED: u8 = 130;

/// Runs the program with these arguments, the first of which is its name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::read(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            note(failure.report().trim_end());
            ExitCode::from(if failure.is_cancelled() { INTERRUPTED } else { FAILED })
        }
    }
}

/// Prints help, version or a wrong use.
fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.kind() == ErrorKind::InvalidSubcommand {
        note("To run a statement, write it behind -c: threadx -c \"SELECT 1\"");
    }
    if error.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { command, mut session, format, output, sources, .. } = arguments;
    if let Some(Action::Help { topic: None }) = command {
        let _ = Arguments::command().print_help();
        return Ok(());
    }
    if let Some(Action::Report(report)) = &command
        && report.list
    {
        return Ok(report::say(&report::list())?);
    }
    let order = match &command {
        Some(Action::Report(report)) => Some(order(report, &mut session.set)?),
        _ => None,
    };
    let runtime = runtime(session.threads)?;
    let engine = {
        let _guard = runtime.enter();
        engine(session)?
    };
    let output = output.map_or_else(|| Ok(Output::stdout()), |path| Output::file(&path))?;
    let mut shell = Shell::new(engine, output, format);
    let result = match command {
        Some(Action::Import(files)) => {
            let workspace = Arc::clone(shell.engine.workspace());
            let work = move || import::run(&files.options(), &workspace.store);
            let report = runtime.block_on(progress::timed(work))?;
            shell.say(&report.to_string()).map_err(Failure::from)
        }
        Some(Action::Report(_)) => match order {
            Some(order) => runtime.block_on(order.run(&shell.engine)),
            None => Ok(()),
        },
        Some(Action::Demo) => {
            let next = format!("threadx --data {}", shell.engine.workspace().store.dir().display());
            runtime.block_on(demo::run(&shell.engine, &next)).map_err(Failure::from)
        }
        Some(Action::Help { topic }) => {
            let page = help::page(&shell.engine, &topic.unwrap_or_default())?;
            shell.say(&page).map_err(Failure::from)
        }
        None if sources.is_empty() && std::io::stdin().is_terminal() => {
            interactive::run(&runtime, &mut shell).map_err(Failure::from)
        }
        None => runtime.block_on(scripts(&mut shell, sources)),
    };
    // Work that does not stop at once, such as a cancelled sweep, keeps nobody waiting.
    runtime.shutdown_background();
    result
}

/// The report that is asked for, with its parameters taken out of `--set`.
fn order(arguments: &ReportArguments, set: &mut Vec<(String, String)>) -> Result<Order, Failure> {
    let file = arguments.file.as_deref().unwrap_or(Path::new(""));
    let mut order = Order::read(file, arguments.out.as_deref())?;
    order.take_parameters(set)?;
    if arguments.allow_writes {
        order.access = Access::Full;
    }
    order.is_stamped = arguments.stamp;
    Ok(order)
}

/// Runs what -c and -f ask for, or the standard input, and completes the output.
async fn scripts(shell: &mut Shell, mut sources: Vec<Source>) -> Result<(), Failure> {
    if sources.is_empty() {
        sources.push(Source::File("-".into()));
    }
    for source in sources {
        let flow = match &source {
            // One statement needs no place; of several the failing one is named.
            Source::Text(text) => {
                let name = (split(text).len() > 1).then_some("-c");
                shell.script(text, name).await?
            }
            Source::File(path) => shell.file(Path::new(path)).await?,
        };
        if flow == Flow::Quit {
            break;
        }
    }
    Ok(shell.redirect(None)?)
}

fn runtime(threads: Option<u32>) -> Result<Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = threads {
        builder.worker_threads(threads as usize);
    }
    builder.enable_all().build().map_err(|e| Error::io("start", "the runtime", e))
}

fn engine(session: SessionArguments) -> Result<Engine> {
    let settings = session.settings();
    let mut builder = Engine::builder();
    if let Some(data) = session.data {
        builder = builder.data_dir(data);
    }
    if let Some(bytes) = session.memory_limit {
        builder = builder.memory_limit(bytes);
    }
    if let Some(threads) = session.threads {
        builder = builder
            .setting("datafusion.execution.target_partitions", threads.to_string())
            .setting("threadx.threads", threads.to_string());
    }
    for (name, value) in settings {
        builder = builder.setting(name, value);
    }
    builder.build()
}
