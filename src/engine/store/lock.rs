//! One writer or many readers, across processes.
//!
//! The lock is held on the file `.threadx/lock`. A store that was never written to has no such file and needs no lock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Directory of the store's own files.
pub(crate) const OWN_DIR: &str = ".threadx";

/// Released when dropped, and by the system when the process ends.
#[derive(Debug)]
pub(crate) struct Guard {
    _file: Option<File>,
}

fn lock_path(root: &Path) -> PathBuf {
    root.join(OWN_DIR).join("lock")
}

/// Waits until no one writes.
pub(super) fn shared(root: &Path) -> Result<Guard> {
    let path = lock_path(root);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(Guard { _file: None });
        }
        Err(e) => return Err(Error::io("lock", &path, e)),
    };
    match file.lock_shared() {
        Ok(()) => Ok(Guard { _file: Some(file) }),
        // A file system without locks: nobody else can hold one either.
        Err(e) if e.kind() == ErrorKind::Unsupported => Ok(Guard { _file: None }),
        Err(e) => Err(Error::io("lock", &path, e)),
    }
}

/// Waits until no one reads or writes; makes the store's own directory if there is none.
pub(super) fn exclusive(root: &Path) -> Result<Guard> {
    let path = lock_path(root);
    let file = open(&path)?;
    file.lock().map_err(|e| Error::io("lock", &path, e))?;
    Ok(Guard { _file: Some(file) })
}

/// Takes the lock on another file of the store's own directory, or gives `None` while somebody else has it.
pub(crate) fn try_exclusive(root: &Path, name: &str) -> Result<Option<Guard>> {
    let path = root.join(OWN_DIR).join(name);
    let file = open(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Guard { _file: Some(file) })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(e)) => Err(Error::io("lock", &path, e)),
    }
}

/// Opens a lock file; makes it and its directory if need be.
fn open(path: &Path) -> Result<File> {
    let dir = path.parent().unwrap_or(path);
    fs::create_dir_all(dir).map_err(|e| Error::io("create", dir, e))?;
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    file.map_err(|e| Error::io("write", path, e))
}
