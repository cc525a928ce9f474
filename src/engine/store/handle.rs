//! The store itself: opening, listing and loading.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use parking_lot::Mutex;

use super::cache::{Cache, CacheStats, Origin};
use super::catalog::{self, Catalog, StoredFile};
use super::dataset::Dataset;
use super::journal::{self, FaultHook, Step};
use super::{lock, read};
use crate::engine::config::Settings;
use crate::engine::resample::resample;
use crate::engine::series::{Bars, Series, SeriesKey, Symbol};
use crate::engine::threads;
use crate::engine::timeframe::Timeframe;
use crate::engine::workspace::Access;
use crate::error::{Error, Result};

/// A directory of series. Cheap to open and to clone: it holds no files open, and looks at the disk at every call, so that
/// what another process has written is seen at once. Clones share the series that are kept in memory.
#[derive(Clone)]
pub struct Store {
    root: PathBuf,
    fault_hook: Option<FaultHook>,
    cache: Arc<Cache>,
    threads: Arc<AtomicUsize>,
    known_at: Option<i64>,
    access: Access,
    /// The series that were read, if anyone wants to know.
    reads: Option<Arc<Mutex<BTreeSet<SeriesKey>>>>,
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
        let (cache, threads) = Default::default();
        let store = Self { root, fault_hook: None, cache, threads, known_at: None, access: Access::Full, reads: None };
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

    /// The store with another clock to tell by which files have only just changed, for tests.
    #[doc(hidden)]
    pub fn with_clock(self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self { cache: Arc::new(Cache::new(Arc::new(clock))), ..self }
    }

    /// The store as it was known at `time`, microseconds UTC: [`Self::load`] gives the bars that were over by then.
    pub fn as_of(&self, time: i64) -> Self {
        Self { known_at: Some(self.known_at.map_or(time, |earlier| earlier.min(time))), ..self.clone() }
    }

    /// Whether it is seen as of an earlier time.
    pub fn is_as_of(&self) -> bool {
        self.known_at.is_some()
    }

    /// The store for a session of its own, which notes the series that it reads. Clones share the notes.
    pub fn with_access(&self, access: Access) -> Self {
        Self { access, reads: Some(Arc::default()), ..self.clone() }
    }

    /// The series that a store from [`Self::with_access`] has read, sorted.
    pub fn reads(&self) -> Vec<SeriesKey> {
        self.reads.as_ref().map_or_else(Vec::new, |reads| reads.lock().iter().cloned().collect())
    }

    /// Notes that a series is read.
    pub(super) fn note(&self, key: &SeriesKey) {
        if let Some(reads) = &self.reads {
            reads.lock().insert(key.clone());
        }
    }

    /// An error if the store may only be read.
    pub(super) fn to_change(&self, what: &str) -> Result<()> {
        self.access.to_change(what)
    }

    /// Takes over from the settings of a session how much memory kept series may take and how many threads read files.
    pub fn follow(&self, settings: &Settings) {
        self.cache.set_wanted(settings.cache_bytes);
        self.threads.store(settings.threads, Ordering::Relaxed);
    }

    /// Keeps no more than these bytes of series, whatever the settings say.
    pub fn limit_cache(&self, bytes: usize) {
        self.cache.set_allowed(bytes);
    }

    /// What is kept in memory, and how often it was of use.
    pub fn cache_stats(&self) -> CacheStats {
        self.cache.stats()
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
        self.source_in(&self.snapshot_of(&key.symbol)?.catalog, key)
    }

    /// Loads a series: stored, or made of a shorter stored timeframe (complete buckets only). One that is still in memory is
    /// not read again while its files are the same.
    ///
    /// # Errors
    /// Nothing stored that the series could be made from, a file that cannot be read, or bars that cannot be right.
    pub fn load(&self, key: &SeriesKey) -> Result<Arc<Series>> {
        let series = self.load_all(key)?;
        Ok(self.known_at.map_or_else(|| Arc::clone(&series), |time| Arc::new(series.over_by(time))))
    }

    fn load_all(&self, key: &SeriesKey) -> Result<Arc<Series>> {
        let mut snapshot = self.snapshot_of(&key.symbol)?;
        let from = self.source_in(&snapshot.catalog, key)?;
        self.note(key);
        let source = SeriesKey { symbol: key.symbol.clone(), timeframe: from };
        let files = snapshot.catalog.remove(&source).unwrap_or_default();
        let stored = Origin { key: source, from, files };
        if from == key.timeframe {
            return self.stored(&stored);
        }
        let origin = Origin { key: key.clone(), ..stored.clone() };
        self.cache.get(&origin, || {
            let bars = resample(&*self.stored(&stored)?, from, key.timeframe)?;
            Series::try_new(key.clone(), bars.into_batch()?, Some(from))
        })
    }

    /// A series as its files hold it.
    fn stored(&self, origin: &Origin) -> Result<Arc<Series>> {
        let read = |files: &[StoredFile]| read::read_series(files, self.threads());
        self.cache.get(origin, || Series::try_new(origin.key.clone(), read(&origin.files)?, None))
    }

    /// Threads that decode files.
    fn threads(&self) -> usize {
        match self.threads.load(Ordering::Relaxed) {
            0 => threads::cores(),
            threads => threads,
        }
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
        self.note(key);
        let mut out = Bars::default();
        for file in files {
            out.append(&read::read_file(file)?);
        }
        Ok(out)
    }

    /// The files at this moment. A change that another process has begun and not finished is finished first.
    pub(super) fn snapshot(&self) -> Result<Snapshot> {
        self.snapshot_with(catalog::scan)
    }

    /// The files of one symbol at this moment.
    fn snapshot_of(&self, symbol: &Symbol) -> Result<Snapshot> {
        self.snapshot_with(|root| catalog::scan_symbol(root, symbol))
    }

    fn snapshot_with(&self, scan: impl Fn(&Path) -> Result<Catalog>) -> Result<Snapshot> {
        loop {
            let guard = lock::shared(&self.root)?;
            if !journal::is_pending(&self.root) {
                return Ok(Snapshot { catalog: scan(&self.root)?, _guard: guard });
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
        let found = stored.filter(|t| t.divides(key.timeframe)).max();
        // The error names what else there is.
        found.ok_or_else(|| catalog::scan(&self.root).map_or_else(|e| e, |all| self.unknown(&all, key)))
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
