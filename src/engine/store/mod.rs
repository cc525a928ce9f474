//! Bars on disk.

use std::path::{Path, PathBuf};

use crate::error::Result;

/// A directory of bars.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    /// Opens a directory.
    pub fn open(root: &Path) -> Result<Self> {
        Ok(Store { root: root.to_path_buf() })
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }
}
