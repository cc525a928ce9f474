//! The store itself: opening, listing and loading.

use std::path::{Path, PathBuf};

use super::catalog::{self, Catalog};
use super::dataset::Dataset;
use super::journal::{self, FaultHook, Step};
use super::{lock, read};
use crate::engine::resample::resample;
use crate::engine::series::{Bars, Series, SeriesKey};
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};

/// A directory of series. Cheap to open and to clone: it holds no files open, and looks at the disk at every call, so that
/// what another process has written is seen at once.
#[derive(Clone)]
pub struct Store {
    root: PathBuf,
    fault_hook: Option<FaultHook>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("root", &self.root).finish_non_exhaustive()
    }
}

/// The files of the store at one moment; no one writes while it lives.
pub(super) struct Snapshot {
    pub(super) catalog: Catalog,
    _guard: lock::Guard,
}

impl Store {
    /// Opens the store in `dir`, which is made by the first write if it does not exist.
    ///
    /// # Errors
    /// `dir` is a file.
    pub fn open(dir: impl AsRef<Path>) -> Result<Self> {
        let root = std::path::absolute(dir.as_ref()).map_err(|e| Error::io("open", dir.as_ref(), e))?;
        if root.is_file() {
            return Err(Error::argument(format!("the data directory {} is a file", root.display())));
        }
        let store = Self { root, fault_hook: None };
        if journal::is_pending(&store.root) {
            store.snapshot()?;
        }
        Ok(store)
    }

    /// The store with a hook that may let a write fail, for tests.
    #[doc(hidden)]
    pub fn with_fault_hook(self, hook: impl Fn(Step) -> std::io::Result<()> + Send + Sync + 'static) -> Self {
        Self { fault_hook: Some(std::sync::Arc::new(hook)), ..self }
    }

    pub(super) fn step(&self, step: Step) -> std::io::Result<()> {
        self.fault_hook.as_ref().map_or(Ok(()), |hook| hook(step))
    }

    /// The directory of the store.
    pub fn dir(&self) -> &Path {
        &self.root
    }

    /// Every stored series, by symbol and timeframe. A series that cannot be read is listed with its error.
    ///
    /// # Errors
    /// A directory that cannot be listed.
    pub fn datasets(&self) -> Result<Vec<Dataset>> {
        let snapshot = self.snapshot()?;
        Ok(snapshot.catalog.iter().map(|(key, files)| Dataset::of(key, files)).collect())
    }

    /// The stored series, without looking into their files.
    ///
    /// # Errors
    /// A directory that cannot be listed.
    pub fn keys(&self) -> Result<Vec<SeriesKey>> {
        Ok(self.snapshot()?.catalog.into_keys().collect())
    }

    /// The timeframe whose bars [`Self::load`] reads for `key`: its own where it is stored, else the longest stored one
    /// that divides it.
    ///
    /// # Errors
    /// Nothing stored that the series could be made from; the text lists what there is.
    pub fn source_of(&self, key: &SeriesKey) -> Result<Timeframe> {
        self.source_in(&self.snapshot()?.catalog, key)
    }

    /// Loads a series: stored, or made of a shorter stored timeframe (complete buckets only).
    ///
    /// # Errors
    /// Nothing stored that the series could be made from, a file that cannot be read, or bars that cannot be right.
    pub fn load(&self, key: &SeriesKey) -> Result<Series> {
        let snapshot = self.snapshot()?;
        let catalog = &snapshot.catalog;
        let from = self.source_in(catalog, key)?;
        let source = SeriesKey { symbol: key.symbol.clone(), timeframe: from };
        let bars = read::read_series(&catalog[&source])?;
        let stored = Series::try_new(source, bars.into_batch()?, None)?;
        if from == key.timeframe {
            return Ok(stored);
        }
        Series::try_new(key.clone(), resample(&stored, from, key.timeframe)?.into_batch()?, Some(from))
    }

    /// The rows of a stored series as its files hold them, file after file, neither sorted nor checked: what
    /// `data_quality` looks at.
    ///
    /// # Errors
    /// A series that is not stored, or a file that cannot be read.
    pub fn load_raw(&self, key: &SeriesKey) -> Result<Bars> {
        let snapshot = self.snapshot()?;
        let Some(files) = snapshot.catalog.get(key) else {
            let stored = snapshot.catalog.keys().filter(|k| k.symbol == key.symbol).map(|k| k.timeframe.name());
            let stored: Vec<&str> = stored.collect();
            if stored.is_empty() {
                return Err(self.unknown(&snapshot.catalog, key));
            }
            let (symbol, timeframe, stored) = (&key.symbol, key.timeframe, stored.join(", "));
            return Err(Error::argument(format!(
                "no {timeframe} bars of {symbol} are stored as such; stored: {stored}"
            )));
        };
        let mut out = Bars::default();
        for file in files {
            out.append(&read::read_file(file)?);
        }
        Ok(out)
    }

    /// The files at this moment. A change that another process has begun and not finished is finished first.
    pub(super) fn snapshot(&self) -> Result<Snapshot> {
        loop {
            let guard = lock::shared(&self.root)?;
            if !journal::is_pending(&self.root) {
                return Ok(Snapshot { catalog: catalog::scan(&self.root)?, _guard: guard });
            }
            drop(guard);
            let _guard = lock::exclusive(&self.root)?;
            journal::recover(&self.root).map_err(|error| {
                let text = format!(
                    "an import into {} was interrupted and could not be finished: {error}",
                    self.root.display()
                );
                Error::Data { path: None, message: text }
            })?;
        }
    }

    fn source_in(&self, catalog: &Catalog, key: &SeriesKey) -> Result<Timeframe> {
        if catalog.contains_key(key) {
            return Ok(key.timeframe);
        }
        let stored = catalog.keys().filter(|k| k.symbol == key.symbol).map(|k| k.timeframe);
        stored.filter(|t| t.divides(key.timeframe)).max().ok_or_else(|| self.unknown(catalog, key))
    }

    /// The error for a series that is not there, naming what is.
    fn unknown(&self, catalog: &Catalog, key: &SeriesKey) -> Error {
        if catalog.is_empty() {
            return Error::argument(format!(
                "no series `{key}`: {} holds no bars yet; `threadx import FILE` brings some in",
                self.root.display()
            ));
        }
        let stored: Vec<&str> = catalog.keys().filter(|k| k.symbol == key.symbol).map(|k| k.timeframe.name()).collect();
        if !stored.is_empty() {
            return Error::argument(format!(
                "no {} bars of {}, and no shorter ones to make them from; stored: {}",
                key.timeframe,
                key.symbol,
                stored.join(", ")
            ));
        }
        let mut symbols: Vec<&str> = catalog.keys().map(|k| k.symbol.as_str()).collect();
        symbols.dedup();
        Error::unknown("symbol", key.symbol.as_str(), "the store", symbols)
    }
}
