//! One writer or many readers, across processes.
//!
//! The lock is held on the file `.threadx/lock`. A store that was never written to has no such file and needs no lock.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Directory of the store's own files.
pub(super) const OWN_DIR: &str = ".threadx";

/// Released when dropped, and by the system when the process ends.
#[derive(Debug)]
pub(super) struct Guard {
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
    let dir = root.join(OWN_DIR);
    fs::create_dir_all(&dir).map_err(|e| Error::io("create", &dir, e))?;
    let path = lock_path(root);
    let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
    let file = open.map_err(|e| Error::io("write", &path, e))?;
    file.lock().map_err(|e| Error::io("lock", &path, e))?;
    Ok(Guard { _file: Some(file) })
}
