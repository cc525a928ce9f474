//! The progress of a long statement, on the standard error.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::progress::ProgressSnapshot;
use crate::repl::render::grouped;

/// Statements that are faster than this show no bar.
const QUIET: Duration = Duration::from_millis(400);

/// Statements that count nothing and are faster than this show no line.
const PATIENT: Duration = Duration::from_secs(1);

/// Columns that the bar and its percentage take.
const BAR: usize = 19;

/// Columns at the end that stay free for the `^C` that a terminal writes there: it must not wrap.
const MARGIN: usize = 4;

/// A line that appears when there is something to show: a bar while things are counted, else the time so far.
pub struct Bar {
    is_enabled: bool,
    started: Instant,
    shown: Option<(Kind, ProgressBar)>,
}

/// What a line shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Counted,
    Timed,
}

impl Bar {
    /// A line for one statement, which starts now; nothing is ever drawn if the standard error is no terminal.
    pub fn new(is_enabled: bool) -> Self {
        let is_enabled = is_enabled && std::io::stderr().is_terminal();
        Bar { is_enabled, started: Instant::now(), shown: None }
    }

    /// Draws the present state.
    pub fn draw(&mut self, snapshot: Option<&ProgressSnapshot>) {
        if !self.is_enabled {
            return;
        }
        let memory = resident();
        match snapshot.filter(|s| s.total > 0) {
            Some(snapshot) if snapshot.elapsed > QUIET => {
                let text = message(snapshot, memory);
                let bar = self.line(Kind::Counted);
                bar.set_length(snapshot.total);
                bar.set_position(snapshot.done);
                bar.set_message(fitted(&text, BAR));
            }
            None if self.started.elapsed() > PATIENT => {
                let text = waiting(self.started.elapsed(), memory);
                self.line(Kind::Timed).set_message(fitted(&text, 0));
            }
            _ => self.clear(),
        }
    }

    /// The line on the screen, which is replaced when it shows something else.
    fn line(&mut self, kind: Kind) -> &ProgressBar {
        if self.shown.as_ref().is_some_and(|(shown, _)| *shown != kind) {
            self.clear();
        }
        let (_, bar) = self.shown.get_or_insert_with(|| {
            let template = match kind {
                Kind::Counted => "{bar:12} {percent:>3}%  {msg}",
                Kind::Timed => "{msg}",
            };
            let bar = ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
            (kind, bar)
        });
        bar
    }

    /// Removes the line before something else is written.
    pub fn clear(&mut self) {
        if let Some((_, bar)) = self.shown.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.clear();
    }
}

/// A text cut to what a terminal has besides `taken` columns.
fn fitted(text: &str, taken: usize) -> String {
    let columns = usize::from(console::Term::stderr().size().1);
    console::truncate_str(text, columns.saturating_sub(taken + MARGIN), "…").into_owned()
}

/// `1,200/3,000 combos, 410/s, 4s left, best sharpe 1.83, 512 MB`.
fn message(snapshot: &ProgressSnapshot, memory: Option<u64>) -> String {
    let count = |n: u64| grouped(n as usize);
    let mut parts = vec![format!("{}/{} {}", count(snapshot.done), count(snapshot.total), snapshot.label)];
    if let Some(remaining) = snapshot.remaining() {
        let rate = snapshot.rate();
        parts.push(if rate >= 10.0 { format!("{}/s", count(rate as u64)) } else { format!("{rate:.1}/s") });
        parts.push(format!("{:#} left", HumanDuration(remaining)));
    }
    parts.extend(snapshot.best.as_ref().map(|best| format!("best {best}")));
    parts.extend(memory.map(size));
    parts.join(", ")
}

/// `12 s, 512 MB, Ctrl-C cancels`.
fn waiting(elapsed: Duration, memory: Option<u64>) -> String {
    let time = match elapsed.as_secs() {
        seconds if seconds < 60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    };
    let parts: Vec<String> =
        [Some(time), memory.map(size), Some("Ctrl-C cancels".into())].into_iter().flatten().collect();
    parts.join(", ")
}

/// Memory that the process has now, in bytes, where the system tells it in `/proc`.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// `512 MB`, `1.25 GB`.
fn size(bytes: u64) -> String {
    match bytes as f64 {
        bytes if bytes >= 1e9 => format!("{:.2} GB", bytes / 1e9),
        bytes => format!("{:.0} MB", bytes / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_has_rate_time_left_and_best() {
        let mut snapshot = ProgressSnapshot {
            label: "combos".into(),
            total: 3_000,
            done: 1_000,
            best: Some("sharpe 1.83".into()),
            elapsed: Duration::from_secs(2),
        };
        assert_eq!(
            message(&snapshot, Some(512_000_000)),
            "1,000/3,000 combos, 500/s, 4s left, best sharpe 1.83, 512 MB"
        );
        snapshot = ProgressSnapshot { done: 0, best: None, ..snapshot };
        assert_eq!(message(&snapshot, None), "0/3,000 combos");
    }

    #[test]
    fn a_statement_that_counts_nothing_shows_its_time() {
        assert_eq!(waiting(Duration::from_secs(12), Some(1_250_000_000)), "12 s, 1.25 GB, Ctrl-C cancels");
        assert_eq!(waiting(Duration::from_secs(125), None), "2 min 5 s, Ctrl-C cancels");
    }
}
