//! What tells that a file has not changed, without reading it.

use std::fs::Metadata;
use std::time::{Duration, SystemTime};

/// The coarsest clock of a file system in use: FAT counts in steps of two seconds.
const GRANULARITY: Duration = Duration::from_secs(2);

/// Length, times and place of a file. A file that was written, replaced or renamed since has another stamp, unless it is
/// not [settled](Self::is_settled).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamp {
    bytes: u64,
    modified: SystemTime,
    node: Node,
}

/// What a Unix file system knows beyond: which file it is, and when anything about it changed, which no program can set.
#[cfg(unix)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Node {
    device: u64,
    inode: u64,
    changed: (i64, i64),
}

/// Elsewhere: when the file was made, where that is known.
#[cfg(not(unix))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Node {
    created: Option<SystemTime>,
}

impl Stamp {
    /// The stamp of the file that this is the metadata of.
    pub(super) fn of(meta: &Metadata) -> Self {
        let modified = meta.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        Self { bytes: meta.len(), modified, node: Node::of(meta) }
    }

    /// Whether every later change gives another stamp. A file that has only just changed may change once more within the
    /// same tick of the clock of its file system, and look the same.
    pub(super) fn is_settled(&self, now: SystemTime) -> bool {
        self.node
            .last_change(self.modified)
            .is_some_and(|last| now.duration_since(last).is_ok_and(|age| age > GRANULARITY))
    }
}

#[cfg(unix)]
impl Node {
    fn of(meta: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self { device: meta.dev(), inode: meta.ino(), changed: (meta.ctime(), meta.ctime_nsec()) }
    }

    /// None for a time that cannot be told.
    fn last_change(&self, _: SystemTime) -> Option<SystemTime> {
        let (seconds, nanos) = (u64::try_from(self.changed.0).ok()?, u64::try_from(self.changed.1).ok()?);
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))?.checked_add(Duration::from_nanos(nanos))
    }
}

#[cfg(not(unix))]
impl Node {
    fn of(meta: &Metadata) -> Self {
        Self { created: meta.created().ok() }
    }

    fn last_change(&self, modified: SystemTime) -> Option<SystemTime> {
        Some(modified)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_settles_when_the_clock_has_moved_on() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let stamp = Stamp::of(&file.as_file().metadata().unwrap());
        let now = SystemTime::now();
        assert!(!stamp.is_settled(now) && !stamp.is_settled(now - Duration::from_secs(60)));
        assert!(stamp.is_settled(now + 2 * GRANULARITY));
    }
}
