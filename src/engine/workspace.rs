//! What a session works on: one bar store and one strategy catalog.

use std::path::Path;

use crate::engine::store::Store;
use crate::engine::strategy::Catalog;
use crate::error::Result;

/// The store of bars and the strategies beside it.
#[derive(Debug)]
pub struct Workspace {
    /// Bars.
    pub store: Store,
    /// Built-in and user strategies.
    pub strategies: Catalog,
}

impl Workspace {
    /// Opens the data directory; it may not exist yet, the first write creates it.
    pub fn open(data_dir: &Path) -> Result<Self> {
        Ok(Workspace { store: Store::open(data_dir)?, strategies: Catalog::open(&data_dir.join("strategies"))? })
    }
}
