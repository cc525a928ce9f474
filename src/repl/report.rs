//! Runs a report file: `threadx report` and `\report`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use datafusion::common::config::ExtensionOptions;

use super::failure::Failure;
use super::interrupt::interrupted;
use super::progress::Line;
use super::shell::note;
use super::statement::shows_progress;
use crate::engine::config::Settings;
use crate::engine::workspace::Access;
use crate::error::{Error, Result};
use crate::report::content::Report;
use crate::report::fault::Fault;
use crate::report::parameter::Kind;
use crate::report::run::{Job, run};
use crate::report::target::Target;
use crate::report::{directive, markdown, shipped};
use crate::session::Engine;

/// How often the progress bar is drawn.
const TICK: Duration = Duration::from_millis(100);

/// A report that is to be made.
#[derive(Debug)]
pub struct Order {
    /// The file as it was named.
    path: PathBuf,
    name: String,
    text: String,
    /// Values of parameters.
    pub given: Vec<(String, String)>,
    /// Where it goes; without it to the standard output.
    target: Option<Target>,
    /// Whether it may change the data directory.
    pub access: Access,
    /// Whether it tells when it was made.
    pub is_stamped: bool,
}

impl Order {
    /// Reads a report file, or a report that comes with the program.
    ///
    /// # Errors
    /// A file that cannot be read, a place of a kind that is not known.
    pub fn read(path: &Path, out: Option<&Path>) -> Result<Self> {
        let (name, text) = shipped::read(path)?;
        Ok(Order {
            path: path.to_path_buf(),
            name,
            text,
            given: vec![],
            target: out.filter(|out| *out != Path::new("-")).map(Target::parse).transpose()?,
            access: Access::ReadOnly,
            is_stamped: false,
        })
    }

    /// Takes the parameters of the report out of `--set`, which also changes settings. The parameter counts where one is
    /// called like a setting.
    ///
    /// # Errors
    /// A report that cannot be read, a name that is neither.
    pub fn take_parameters(&mut self, set: &mut Vec<(String, String)>) -> Result<(), Failure> {
        let document = directive::parse(&self.text).map_err(|fault| self.failure(fault))?;
        let settings: Vec<String> = Settings::default().entries().into_iter().map(|entry| entry.key).collect();
        for (name, value) in std::mem::take(set) {
            if document.parameters.iter().any(|parameter| parameter.name == name) {
                self.given.push((name, value));
            } else if name.contains('.') || settings.contains(&name) {
                set.push((name, value));
            } else {
                let parameters = document.parameters.iter().map(|parameter| parameter.name.as_str());
                let known = parameters.chain(settings.iter().map(String::as_str));
                let within = self.path.display().to_string();
                return Err(Error::unknown("parameter", &name, within, known).into());
            }
        }
        Ok(())
    }

    /// Runs the report and writes it. Ctrl-C stops it, and then nothing is written.
    ///
    /// # Errors
    /// Whatever the report or its place do not allow; the failure names file and line.
    pub async fn run(self, engine: &Engine) -> Result<(), Failure> {
        let stage = self.target.as_ref().map(Target::stage).transpose()?.flatten();
        let job = Job {
            name: self.name.clone(),
            text: self.text.clone(),
            given: self.given.clone(),
            folder: stage.as_ref().map(|stage| stage.folder().to_path_buf()),
            access: self.access,
            made: self.is_stamped.then(|| chrono::Utc::now().format("%Y-%m-%d %H:%M:%S UTC").to_string()),
        };
        let report = made(engine, job).await?.map_err(|fault| self.failure(fault))?;
        match &self.target {
            Some(target) => {
                target.write(&report, stage)?;
                note(&format!("{} is written", target.path().display()));
            }
            None => {
                let text = markdown::text(&report)?;
                say(&text)?;
            }
        }
        Ok(())
    }

    fn failure(&self, fault: Fault) -> Failure {
        let failure = Failure::from(*fault.error);
        if fault.line == 0 {
            return failure;
        }
        failure.within(Some(&self.path.display().to_string()), fault.line, &fault.text)
    }
}

/// Writes to the standard output.
///
/// # Errors
/// An output that cannot be written.
pub fn say(text: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|e| Error::io("write", "stdout", e))
}

/// The report, made in a task of its own so that Ctrl-C and the progress bar are served.
async fn made(engine: &Engine, job: Job) -> Result<Result<Report, Fault>> {
    let own = engine.clone();
    let mut task = tokio::spawn(async move { run(&own, job).await });
    let mut line = Line::new(shows_progress(engine));
    let mut tick = tokio::time::interval(TICK);
    let mut interrupt = pin!(interrupted());
    let made = loop {
        tokio::select! {
            biased;
            signal = &mut interrupt => {
                task.abort();
                engine.progress().finish();
                break Err(signal.map_or_else(|e| e, |()| Error::Cancelled));
            }
            made = &mut task => break made.map_err(|fault| Error::Internal(format!("a report ended in a panic: {fault}"))),
            _ = tick.tick() => line.draw(engine.progress().snapshot().as_ref()),
        }
    };
    line.clear();
    made
}

/// The reports that come with the program, with their parameters.
pub fn list() -> String {
    let mut text = String::new();
    for name in shipped::names() {
        // That each of them can be read is a test's concern.
        let Ok(document) = directive::parse(shipped::text(name).unwrap_or_default()) else { continue };
        text += &format!("{name}: {}\n", document.title.unwrap_or_default());
        for parameter in document.parameters {
            let default = parameter.default.map(|value| format!(" = {}", value.text)).unwrap_or_default();
            text += &format!("  {} {}{default}  {}\n", parameter.name, parameter.kind.name(), parameter.description);
        }
    }
    text
}

/// The page of help on reports.
pub fn guide() -> String {
    let mut text = String::from(
        "A report is a file of SQL whose comments say how the results are shown. It also runs as a script.\n\n  \
         -- @title {symbol} by month\n  \
         -- @param symbol TEXT DEFAULT 'DEMO' Symbol of the series\n  \
         -- @chart bars x=month y=month_return Return by month\n  \
         SELECT extract(month FROM ts)::INT::TEXT AS month, last_value(close ORDER BY ts) / first_value(open ORDER BY ts) - 1\n  \
         AS month_return FROM bars(:'symbol', '1h') GROUP BY 1 ORDER BY 1;\n\n  \
         threadx report month.sql --set symbol=DEMO --out month.html\n  \
         \\report month.sql symbol=DEMO > month.html\n\n\
         directives\n",
    );
    for (_, usage) in directive::DIRECTIVES {
        text += &format!("  {usage}\n");
    }
    let types: Vec<&str> = Kind::names().collect();
    text += &format!("\ntypes of parameters\n  {}\n", types.join(", "));
    text += "  SQL writes :'name' for TEXT and TIMESTAMP, :name for the others; titles and texts write {name}\n";
    text += "\nA report reads the data directory and changes nothing in it, unless the program is told --allow-writes. COPY\n\
             writes only into the folder of --out FOLDER/. The same input gives the same bytes; --stamp adds the time.\n";
    text + "\nreports that come with ThreadX\n\n" + &list()
}
