//! Changing several files as one.
//!
//! New files are first written in full beside their targets, under hidden names. Then one journal file appears that names
//! all renames and removals: that rename is the moment at which the change happens. Whoever opens the store next and
//! finds a journal carries it out, so a process killed before that moment has changed nothing, and one killed after it has
//! changed everything.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::lock::OWN_DIR;
use crate::engine::series::mix;
use crate::error::{Error, Result};

const HEADER: &str = "threadx journal 1";

/// A point at which a test may let the disk fail or the process die.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Before a new file is written.
    WriteFile,
    /// After all new files are written, before the journal.
    WriteJournal,
    /// After the journal has appeared, before each rename or removal.
    Apply,
    /// Before the journal is removed.
    Finish,
}

/// What a test does at a [`Step`].
pub(super) type FaultHook = Arc<dyn Fn(Step) -> std::io::Result<()> + Send + Sync>;

/// Renames and removals, with paths relative to the store.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Journal {
    pub(super) renames: Vec<(PathBuf, PathBuf)>,
    pub(super) removals: Vec<PathBuf>,
}

fn path_of(root: &Path) -> PathBuf {
    root.join(OWN_DIR).join("journal")
}

/// Whether a change is waiting to be carried out.
pub(super) fn is_pending(root: &Path) -> bool {
    path_of(root).exists()
}

/// Carries out a change that another process has begun. Needs the exclusive lock.
pub(super) fn recover(root: &Path) -> Result<()> {
    let path = path_of(root);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(()),
        Err(e) => return Err(Error::io("read", &path, e)),
    };
    let journal = Journal::parse(&text).ok_or_else(|| {
        Error::data(
            &path,
            "the journal of an interrupted import is damaged; move it away if the stored bars look right",
        )
    })?;
    journal.apply(root, &|_| Ok(()))
}

impl Journal {
    /// Makes the change. The new files must be complete and on disk.
    pub(super) fn commit(&self, root: &Path, step: &dyn Fn(Step) -> std::io::Result<()>) -> Result<()> {
        let path = path_of(root);
        let failed = |e| Error::io("write", &path, e);
        step(Step::WriteJournal).map_err(failed)?;
        let temporary = path.with_extension("tmp");
        let mut file = File::create(&temporary).map_err(failed)?;
        file.write_all(self.text().as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        fs::rename(&temporary, &path).map_err(failed)?;
        sync_dir(&root.join(OWN_DIR))?;
        self.apply(root, step)
    }

    /// Carries out what is not done yet; can be repeated.
    fn apply(&self, root: &Path, step: &dyn Fn(Step) -> std::io::Result<()>) -> Result<()> {
        for (from, to) in &self.renames {
            let (from, to) = (root.join(from), root.join(to));
            step(Step::Apply).map_err(|e| Error::io("write", &to, e))?;
            match fs::rename(&from, &to) {
                Ok(()) => {}
                Err(e) if e.kind() == ErrorKind::NotFound && to.exists() => {}
                Err(e) => return Err(Error::io("write", &to, e)),
            }
        }
        for path in &self.removals {
            let path = root.join(path);
            step(Step::Apply).map_err(|e| Error::io("remove", &path, e))?;
            match fs::remove_file(&path) {
                Err(e) if e.kind() != ErrorKind::NotFound => return Err(Error::io("remove", &path, e)),
                _ => {}
            }
        }
        let mut dirs: Vec<&Path> = self.renames.iter().filter_map(|(_, to)| to.parent()).collect();
        dirs.sort_unstable();
        dirs.dedup();
        for dir in dirs {
            dir.ancestors().try_for_each(|dir| sync_dir(&root.join(dir)))?;
        }
        let path = path_of(root);
        step(Step::Finish).and_then(|()| fs::remove_file(&path)).map_err(|e| Error::io("remove", &path, e))?;
        sync_dir(&root.join(OWN_DIR))
    }

    fn text(&self) -> String {
        let mut text = format!("{HEADER}\n");
        self.renames.iter().for_each(|(from, to)| text += &format!("rename\t{}\t{}\n", from.display(), to.display()));
        self.removals.iter().for_each(|path| text += &format!("remove\t{}\n", path.display()));
        let check = checksum(&text);
        text + &format!("end\t{check:016x}\n")
    }

    fn parse(text: &str) -> Option<Self> {
        let body = text.get(..text.trim_end().rfind('\n')? + 1)?;
        if text.get(body.len()..)? != format!("end\t{:016x}\n", checksum(body)) {
            return None;
        }
        let mut lines = body.lines();
        let mut journal = Journal::default();
        if lines.next() != Some(HEADER) {
            return None;
        }
        for line in lines {
            match line.split('\t').collect::<Vec<_>>()[..] {
                ["rename", from, to] => journal.renames.push((inside(from)?, inside(to)?)),
                ["remove", path] => journal.removals.push(inside(path)?),
                _ => return None,
            }
        }
        Some(journal)
    }
}

/// A path that stays in the store.
fn inside(text: &str) -> Option<PathBuf> {
    let path = PathBuf::from(text);
    path.components().all(|c| matches!(c, Component::Normal(_))).then_some(path)
}

fn checksum(text: &str) -> u64 {
    text.bytes().fold(0, |hash, byte| mix(hash ^ u64::from(byte)))
}

/// Makes the entries of a directory durable.
pub(crate) fn sync_dir(dir: &Path) -> Result<()> {
    match File::open(dir).and_then(|d| d.sync_all()) {
        // Some systems cannot sync a directory; their renames are durable by themselves or not at all.
        Err(e)
            if !matches!(e.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput | ErrorKind::PermissionDenied) =>
        {
            Err(Error::io("sync", dir, e))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_reads_back_and_a_damaged_one_does_not() {
        let journal = Journal {
            renames: vec![("ohlcv/a/.x.tmp".into(), "ohlcv/a/x".into())],
            removals: vec!["ohlcv/a/y".into()],
        };
        let text = journal.text();
        assert_eq!(Journal::parse(&text), Some(journal));
        for cut in 0..text.len() {
            assert_eq!(Journal::parse(&text[..cut]), None);
        }
        let escaping = Journal { renames: vec![("../x".into(), "y".into())], removals: vec![] };
        assert_eq!(Journal::parse(&escaping.text()), None);
    }
}
