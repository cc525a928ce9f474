//! What a session works on: one bar store, and the strategies and results beside it.

use std::path::Path;

use crate::engine::result::Results;
use crate::engine::store::Store;
use crate::engine::strategy::Catalog;
use crate::error::Result;

/// The store of bars, and the strategies and results beside it.
#[derive(Debug)]
pub struct Workspace {
    /// Bars.
    pub store: Store,
    /// Built-in and user strategies.
    pub strategies: Catalog,
    /// Stored results of sweeps.
    pub results: Results,
}

impl Workspace {
    /// Opens the data directory; it may not exist yet, the first write creates it.
    pub fn open(data_dir: &Path) -> Result<Self> {
        let store = Store::open(data_dir)?;
        let (strategies, results) = (Catalog::open(&data_dir.join("strategies"))?, Results::open_dir(store.dir()));
        Ok(Workspace { store, strategies, results })
    }
}
