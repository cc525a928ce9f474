//! What a session works on: one bar store, and the strategies and results beside it.

use std::path::Path;

use crate::engine::result::Results;
use crate::engine::store::Store;
use crate::engine::strategy::Catalog;
use crate::engine::sweep::PlannedBodies;
use crate::error::{Error, Result};

/// What a session may do with its workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everything.
    Full,
    /// Read it: an import, a strategy or a result that would be kept is an error.
    ReadOnly,
}

impl Access {
    /// An error if nothing may be changed.
    pub(crate) fn to_change(self, what: &str) -> Result<()> {
        match self {
            Access::Full => Ok(()),
            Access::ReadOnly => {
                Err(Error::argument(format!("{what} would change the data directory, which may only be read here")))
            }
        }
    }
}

/// The store of bars, and the strategies and results beside it.
#[derive(Debug)]
pub struct Workspace {
    /// Bars.
    pub store: Store,
    /// Built-in and user strategies.
    pub strategies: Catalog,
    /// Stored results of sweeps.
    pub results: Results,
    /// Strategies planned lately.
    pub planned: PlannedBodies,
}

impl Workspace {
    /// Opens the data directory; it may not exist yet, the first write creates it.
    pub fn open(data_dir: &Path) -> Result<Self> {
        let store = Store::open(data_dir)?;
        let (strategies, results) = (Catalog::open(&data_dir.join("strategies"))?, Results::open_dir(store.dir()));
        Ok(Workspace { store, strategies, results, planned: PlannedBodies::default() })
    }

    /// The same directory for a session of its own, which notes the series that it reads.
    ///
    /// # Errors
    /// A strategy file that cannot be read.
    pub fn with_access(&self, access: Access) -> Result<Self> {
        Ok(Workspace {
            store: self.store.with_access(access),
            strategies: Catalog::open(&self.store.dir().join("strategies"))?.with_access(access),
            results: self.results.with_access(access),
            planned: PlannedBodies::default(),
        })
    }
}
