//! The progress bar of a long statement, on the standard error.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::engine::progress::ProgressSnapshot;
use crate::repl::render::grouped;

/// Statements that are faster than this show no bar.
const QUIET: Duration = Duration::from_millis(400);

/// A bar that appears when there is something to show.
pub struct Bar {
    is_enabled: bool,
    bar: Option<ProgressBar>,
}

impl Bar {
    /// A bar for one statement; nothing is ever drawn if the standard error is no terminal.
    pub fn new(is_enabled: bool) -> Self {
        Bar { is_enabled: is_enabled && std::io::stderr().is_terminal(), bar: None }
    }

    /// Draws the present state.
    pub fn draw(&mut self, snapshot: Option<&ProgressSnapshot>) {
        let Some(snapshot) = snapshot.filter(|s| self.is_enabled && s.total > 0 && s.elapsed > QUIET) else {
            return self.clear();
        };
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(Some(snapshot.total), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{bar:12} {percent:>3}%  {wide_msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("█▉▊▋▌▍▎▏ "));
            bar
        });
        bar.set_length(snapshot.total);
        bar.set_position(snapshot.done);
        bar.set_message(message(snapshot));
    }

    /// Removes the bar before something else is written.
    pub fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.clear();
    }
}

/// `1,200/3,000 combos, 410/s, 4s left, best sharpe 1.83`.
fn message(snapshot: &ProgressSnapshot) -> String {
    let count = |n: u64| grouped(n as usize);
    let mut parts = vec![format!("{}/{} {}", count(snapshot.done), count(snapshot.total), snapshot.label)];
    if let Some(remaining) = snapshot.remaining() {
        let rate = snapshot.rate();
        parts.push(if rate >= 10.0 { format!("{}/s", count(rate as u64)) } else { format!("{rate:.1}/s") });
        parts.push(format!("{:#} left", HumanDuration(remaining)));
    }
    parts.extend(snapshot.best.as_ref().map(|best| format!("best {best}")));
    parts.join(", ")
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
        assert_eq!(message(&snapshot), "1,000/3,000 combos, 500/s, 4s left, best sharpe 1.83");
        snapshot = ProgressSnapshot { done: 0, best: None, ..snapshot };
        assert_eq!(message(&snapshot), "0/3,000 combos");
    }
}
