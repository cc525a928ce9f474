//! The progress of a long statement, on the standard error.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use console::Term;

use crate::engine::progress::ProgressSnapshot;
use crate::error::{Error, Result};
use crate::repl::render::grouped;

/// How often the line is drawn.
pub const TICK: Duration = Duration::from_millis(100);

/// Statements that are faster than this show no bar.
const QUIET: Duration = Duration::from_millis(400);

/// Statements that count nothing and are faster than this show no line.
const PATIENT: Duration = Duration::from_secs(1);

/// Characters of the bar.
const BAR: usize = 12;

/// Eighths of a character, from none to seven.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Columns at the end that stay free for the `^C` that a terminal writes there: it must not wrap.
const MARGIN: usize = 4;

/// A line that appears when there is something to show: a bar while things are counted, else the time so far.
pub struct Line {
    screen: Option<Term>,
    started: Instant,
    is_shown: bool,
}

impl Line {
    /// A line for one statement, which starts now; nothing is ever drawn if the standard error is no terminal.
    pub fn new(is_enabled: bool) -> Self {
        let is_enabled = is_enabled && std::io::stderr().is_terminal();
        Line { screen: is_enabled.then(Term::stderr), started: Instant::now(), is_shown: false }
    }

    /// Draws the present state.
    pub fn draw(&mut self, snapshot: Option<&ProgressSnapshot>) {
        if self.screen.is_none() {
            return;
        }
        let text = match snapshot.filter(|s| s.total > 0) {
            Some(snapshot) if snapshot.elapsed > QUIET => {
                format!("{} {}", bar(snapshot.done, snapshot.total), message(snapshot, resident()))
            }
            None if self.started.elapsed() > PATIENT => waiting(self.started.elapsed(), resident()),
            _ => return self.clear(),
        };
        self.clear();
        if let Some(screen) = &self.screen {
            let columns = usize::from(screen.size().1).saturating_sub(MARGIN);
            // What cannot be drawn is not missed.
            let _ = screen.write_str(&console::truncate_str(&text, columns, "…"));
            self.is_shown = true;
        }
    }

    /// Removes the line before something else is written.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.is_shown)
            && let Some(screen) = &self.screen
        {
            let _ = screen.clear_line();
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.clear();
    }
}

/// Does work that takes its thread, and shows how long it takes.
pub async fn timed<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let mut task = tokio::task::spawn_blocking(work);
    let mut line = Line::new(true);
    let mut tick = tokio::time::interval(TICK);
    loop {
        tokio::select! {
            done = &mut task => return done.map_err(|e| Error::Internal(e.to_string()))?,
            _ = tick.tick() => line.draw(None),
        }
    }
}

/// `██████▌      54%`.
fn bar(done: u64, total: u64) -> String {
    let share = done as f64 / total.max(1) as f64;
    let eighths = (share * (BAR * 8) as f64) as usize;
    let blocks = "█".repeat(eighths / 8) + EIGHTHS[eighths % 8];
    let blanks = " ".repeat(BAR - blocks.chars().count());
    format!("{blocks}{blanks} {:>3.0}%", (share * 100.0).floor())
}

/// `1,200/3,000 combos, 410/s, 4 s left, best sharpe 1.83, 512 MB`.
fn message(snapshot: &ProgressSnapshot, memory: Option<u64>) -> String {
    let count = |n: u64| grouped(n as usize);
    let mut parts = vec![format!("{}/{} {}", count(snapshot.done), count(snapshot.total), snapshot.label)];
    if let Some(remaining) = snapshot.remaining() {
        let rate = snapshot.rate();
        parts.push(if rate >= 10.0 { format!("{}/s", count(rate as u64)) } else { format!("{rate:.1}/s") });
        parts.push(format!("{} left", rounded(remaining)));
    }
    parts.extend(snapshot.best.as_ref().map(|best| format!("best {best}")));
    parts.extend(memory.map(size));
    parts.join(", ")
}

/// `12 s, 512 MB, Ctrl-C cancels`.
fn waiting(elapsed: Duration, memory: Option<u64>) -> String {
    let parts = [Some(rounded(elapsed)), memory.map(size), Some("Ctrl-C cancels".into())];
    parts.into_iter().flatten().collect::<Vec<String>>().join(", ")
}

/// `12 s`, `2 min 5 s`, `3 h 20 min`.
fn rounded(time: Duration) -> String {
    match time.as_secs() {
        seconds if seconds < 60 => format!("{seconds} s"),
        seconds if seconds < 3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
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
            "1,000/3,000 combos, 500/s, 4 s left, best sharpe 1.83, 512 MB"
        );
        snapshot = ProgressSnapshot { done: 0, best: None, ..snapshot };
        assert_eq!(message(&snapshot, None), "0/3,000 combos");
    }

    #[test]
    fn the_bar_is_as_long_as_its_share() {
        assert_eq!(bar(0, 100), "               0%");
        assert_eq!(bar(1, 3), "████          33%");
        assert_eq!(bar(54, 100), "██████▍       54%");
        assert_eq!(bar(999, 1000), "███████████▉  99%");
        assert_eq!(bar(7, 7), "████████████ 100%");
    }

    #[test]
    fn a_statement_that_counts_nothing_shows_its_time() {
        assert_eq!(waiting(Duration::from_secs(12), Some(1_250_000_000)), "12 s, 1.25 GB, Ctrl-C cancels");
        assert_eq!(waiting(Duration::from_secs(125), None), "2 min 5 s, Ctrl-C cancels");
        assert_eq!(rounded(Duration::from_secs(12_000)), "3 h 20 min");
    }
}
