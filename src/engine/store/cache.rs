//! Loaded series that are kept for the next statement.
//!
//! A kept series counts only while its files have the stamps that they had when it was read, so whatever this or another
//! process does to them is seen. Files that have changed within the last moments are read every time, because one more
//! change might leave the stamp as it is.
//!
//! A series that several threads ask for at once is read once; the others wait for it. No lock is held while files are read.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::catalog::StoredFile;
use super::stamp::Stamp;
use crate::engine::config::Settings;
use crate::engine::series::{Series, SeriesKey};
use crate::engine::timeframe::Timeframe;
use crate::error::Result;

/// The clock that ages of files are told by.
pub(super) type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// What a series is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    /// The series.
    pub(super) key: SeriesKey,
    /// The timeframe of the bars in the files.
    pub(super) from: Timeframe,
    /// All files of the bars, in order of precedence, with their stamps.
    pub(super) files: Vec<StoredFile>,
}

impl Origin {
    /// Whether the files are still those that were listed.
    fn is_current(&self) -> bool {
        self.files.iter().all(|file| file.path.metadata().is_ok_and(|meta| Stamp::of(&meta) == file.stamp))
    }

    fn is_settled(&self, now: SystemTime) -> bool {
        self.files.iter().all(|file| file.stamp.is_settled(now))
    }
}

/// What a store has kept and done so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CacheStats {
    /// Series that are kept.
    pub series: usize,
    /// Bytes of their columns.
    pub bytes: usize,
    /// Series that were read or resampled.
    pub loaded: u64,
    /// Series that were there already, or that another thread was reading.
    pub shared: u64,
}

/// The series that a store keeps; the one that was used longest ago goes first.
pub(super) struct Cache {
    state: Mutex<State>,
    /// Most bytes by the setting.
    wanted: AtomicUsize,
    /// Most bytes by the memory limit of the engine.
    allowed: AtomicUsize,
    clock: Clock,
}

#[derive(Default)]
struct State {
    kept: HashMap<SeriesKey, Kept>,
    flights: Vec<(Origin, Arc<Flight>)>,
    uses: u64,
    stats: CacheStats,
}

struct Kept {
    origin: Origin,
    series: Arc<Series>,
    bytes: usize,
    last_used: u64,
}

/// A series that is being read.
#[derive(Default)]
struct Flight {
    /// `Some(None)` after a failure.
    landed: Mutex<Option<Option<Arc<Series>>>>,
    signal: Condvar,
}

/// Where a wanted series comes from.
enum Found {
    Kept(Arc<Series>),
    /// Another thread reads it.
    Coming(Arc<Flight>),
    /// The caller is to read it.
    Missing(Arc<Flight>),
}

impl Default for Cache {
    fn default() -> Self {
        Self::new(Arc::new(SystemTime::now))
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("stats", &self.stats()).finish_non_exhaustive()
    }
}

impl Cache {
    pub(super) fn new(clock: Clock) -> Self {
        let wanted = Settings::default().cache_bytes;
        Self { state: Mutex::default(), wanted: wanted.into(), allowed: usize::MAX.into(), clock }
    }

    /// Most bytes that the user wants to be kept. What is too much goes at once.
    pub(super) fn set_wanted(&self, bytes: usize) {
        if self.wanted.swap(bytes, Ordering::Relaxed) > bytes {
            self.lock().shrink_to(self.limit());
        }
    }

    /// Most bytes that may be kept whatever the user wants.
    pub(super) fn set_allowed(&self, bytes: usize) {
        self.allowed.store(bytes, Ordering::Relaxed);
        self.lock().shrink_to(self.limit());
    }

    pub(super) fn stats(&self) -> CacheStats {
        let state = self.lock();
        CacheStats { series: state.kept.len(), ..state.stats }
    }

    /// The series of this origin: kept, or loaded by the caller or by another thread at this moment.
    ///
    /// # Errors
    /// Those of `load`. A failure is not kept.
    pub(super) fn get(&self, origin: &Origin, load: impl FnOnce() -> Result<Series>) -> Result<Arc<Series>> {
        if !origin.is_settled((self.clock)()) {
            let mut state = self.lock();
            state.remove(&origin.key);
            state.stats.loaded += 1;
            drop(state);
            return load().map(Arc::new);
        }
        let flight = loop {
            let found = self.lock().find(origin);
            match found {
                Found::Kept(series) => return Ok(series),
                Found::Coming(flight) => {
                    if let Some(series) = flight.wait() {
                        self.lock().stats.shared += 1;
                        return Ok(series);
                    }
                }
                Found::Missing(flight) => break flight,
            }
        };
        let mut landing = Landing { cache: self, flight, series: None };
        let series = Arc::new(load()?);
        // Files that changed while they were read may have been read half and half.
        if origin.is_current() {
            self.keep(origin, &series);
            landing.series = Some(Arc::clone(&series));
        }
        Ok(series)
    }

    fn keep(&self, origin: &Origin, series: &Arc<Series>) {
        let (bytes, limit) = (series.batch().get_array_memory_size(), self.limit());
        let mut state = self.lock();
        state.remove(&origin.key);
        if bytes > limit {
            return;
        }
        state.shrink_to(limit - bytes);
        state.stats.bytes += bytes;
        let last_used = state.tick();
        let kept = Kept { origin: origin.clone(), series: Arc::clone(series), bytes, last_used };
        state.kept.insert(origin.key.clone(), kept);
    }

    fn limit(&self) -> usize {
        self.wanted.load(Ordering::Relaxed).min(self.allowed.load(Ordering::Relaxed))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn find(&mut self, origin: &Origin) -> Found {
        let now = self.tick();
        match self.kept.get_mut(&origin.key) {
            Some(kept) if kept.origin == *origin => {
                kept.last_used = now;
                self.stats.shared += 1;
                return Found::Kept(Arc::clone(&kept.series));
            }
            // Its files are others by now.
            Some(_) => self.remove(&origin.key),
            None => {}
        }
        if let Some((_, flight)) = self.flights.iter().find(|(other, _)| other == origin) {
            return Found::Coming(Arc::clone(flight));
        }
        let flight = Arc::new(Flight::default());
        self.flights.push((origin.clone(), Arc::clone(&flight)));
        self.stats.loaded += 1;
        Found::Missing(flight)
    }

    fn tick(&mut self) -> u64 {
        self.uses += 1;
        self.uses
    }

    fn remove(&mut self, key: &SeriesKey) {
        if let Some(kept) = self.kept.remove(key) {
            self.stats.bytes -= kept.bytes;
        }
    }

    fn shrink_to(&mut self, limit: usize) {
        while self.stats.bytes > limit {
            let oldest = self.kept.iter().min_by_key(|(_, kept)| kept.last_used).map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { return };
            self.remove(&oldest);
        }
    }
}

impl Flight {
    /// Waits until the other thread has read the series; none if it could not.
    fn wait(&self) -> Option<Arc<Series>> {
        let mut landed = self.landed.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(series) = landed.as_ref() {
                return series.clone();
            }
            landed = self.signal.wait(landed).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Ends a flight however the reading ended.
struct Landing<'a> {
    cache: &'a Cache,
    flight: Arc<Flight>,
    series: Option<Arc<Series>>,
}

impl Drop for Landing<'_> {
    fn drop(&mut self) {
        self.cache.lock().flights.retain(|(_, flight)| !Arc::ptr_eq(flight, &self.flight));
        *self.flight.landed.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.series.take());
        self.flight.signal.notify_all();
    }
}
