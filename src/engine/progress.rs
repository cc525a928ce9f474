//! How far a long statement is: written by the operators that do the work, read by whoever shows it.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The progress of the statement that a session is running. One per session, shared as an extension of its
/// `SessionConfig`, so that an operator reaches it by
/// `context.session_config().get_extension::<Progress>()`; a context without one has nobody who watches.
#[derive(Debug, Default)]
pub struct Progress {
    total: AtomicU64,
    done: AtomicU64,
    running: AtomicBool,
    text: Mutex<Text>,
}

#[derive(Debug, Default)]
struct Text {
    label: String,
    best: Option<String>,
    started: Option<Instant>,
}

/// The state of a [`Progress`] at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct ProgressSnapshot {
    /// What is counted, such as `combos`.
    pub label: String,
    /// How many there are.
    pub total: u64,
    /// How many are done.
    pub done: u64,
    /// The best so far, as text.
    pub best: Option<String>,
    /// Time since the start.
    pub elapsed: Duration,
}

impl Progress {
    /// Begins to count `total` things that `label` names in the plural, such as `combos`.
    pub fn start(&self, total: u64, label: impl Into<String>) {
        let mut text = self.text();
        *text = Text { label: label.into(), best: None, started: Some(Instant::now()) };
        self.total.store(total, Ordering::Relaxed);
        self.done.store(0, Ordering::Relaxed);
        self.running.store(true, Ordering::Release);
    }

    /// Counts `n` more as done.
    pub fn add(&self, n: u64) {
        self.done.fetch_add(n, Ordering::Relaxed);
    }

    /// Replaces the best so far, such as `sharpe 1.83`.
    pub fn best(&self, best: impl Into<String>) {
        self.text().best = Some(best.into());
    }

    /// Ends the count; [`Progress::snapshot`] gives nothing until the next start.
    pub fn finish(&self) {
        self.running.store(false, Ordering::Release);
    }

    /// The state now, or `None` while nothing is counted.
    pub fn snapshot(&self) -> Option<ProgressSnapshot> {
        if !self.running.load(Ordering::Acquire) {
            return None;
        }
        let text = self.text();
        let total = self.total.load(Ordering::Relaxed);
        Some(ProgressSnapshot {
            label: text.label.clone(),
            total,
            done: self.done.load(Ordering::Relaxed).min(total),
            best: text.best.clone(),
            elapsed: text.started.map(|at| at.elapsed()).unwrap_or_default(),
        })
    }

    fn text(&self) -> std::sync::MutexGuard<'_, Text> {
        self.text.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ProgressSnapshot {
    /// Things per second.
    pub fn rate(&self) -> f64 {
        self.done as f64 / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// Time until the end at the present rate; `None` before the first thing is done.
    pub fn remaining(&self) -> Option<Duration> {
        (self.done > 0).then(|| Duration::from_secs_f64((self.total - self.done) as f64 / self.rate()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_shown_outside_start_and_finish() {
        let progress = Progress::default();
        assert_eq!(progress.snapshot(), None);
        progress.start(10, "combos");
        progress.add(4);
        progress.best("sharpe 1.2");
        let snapshot = progress.snapshot().unwrap();
        assert_eq!((snapshot.done, snapshot.total, snapshot.label.as_str()), (4, 10, "combos"));
        assert_eq!(snapshot.best.as_deref(), Some("sharpe 1.2"));
        progress.finish();
        assert_eq!(progress.snapshot(), None);
    }

    #[test]
    fn a_new_start_forgets_the_old_count() {
        let progress = Progress::default();
        progress.start(10, "combos");
        progress.add(20);
        progress.best("sharpe 9");
        assert_eq!(progress.snapshot().unwrap().done, 10, "never more than the total");
        progress.start(5, "folds");
        let snapshot = progress.snapshot().unwrap();
        assert_eq!((snapshot.done, snapshot.total, &snapshot.best), (0, 5, &None));
        assert_eq!(snapshot.remaining(), None);
    }
}
