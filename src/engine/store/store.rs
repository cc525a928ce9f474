//! The store itself: opening, listing and loading.

use std::path::{Path, PathBuf};

use super::catalog::{self, Catalog};
use super::dataset::Dataset;
use super::read;
use crate::engine::resample::resample;
use crate::engine::series::{Bars, Series, SeriesKey};
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};

/// A directory of series. Cheap to open and to clone: it holds no files open, and looks at the disk at every call, so that
/// what another process has written is seen at once.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
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
        Ok(Self { root })
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
        Ok(self.catalog()?.iter().map(|(key, files)| Dataset::of(key, files)).collect())
    }

    /// The stored series, without looking into their files.
    ///
    /// # Errors
    /// A directory that cannot be listed.
    pub fn keys(&self) -> Result<Vec<SeriesKey>> {
        Ok(self.catalog()?.into_keys().collect())
    }

    /// The timeframe whose bars [`Self::load`] reads for `key`: its own where it is stored, else the longest stored one
    /// that divides it.
    ///
    /// # Errors
    /// Nothing stored that the series could be made from; the text lists what there is.
    pub fn source_of(&self, key: &SeriesKey) -> Result<Timeframe> {
        self.source_in(&self.catalog()?, key)
    }

    /// Loads a series: stored, or made of a shorter stored timeframe (complete buckets only).
    ///
    /// # Errors
    /// Nothing stored that the series could be made from, a file that cannot be read, or bars that cannot be right.
    pub fn load(&self, key: &SeriesKey) -> Result<Series> {
        let catalog = self.catalog()?;
        let from = self.source_in(&catalog, key)?;
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
        let catalog = self.catalog()?;
        let Some(files) = catalog.get(key) else { return Err(self.unknown(&catalog, key)) };
        let mut out = Bars::default();
        for file in files {
            out.append(&read::read_file(file)?);
        }
        Ok(out)
    }

    pub(super) fn catalog(&self) -> Result<Catalog> {
        catalog::scan(&self.root)
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
        let within = format!("the store {}", self.root.display());
        if catalog.is_empty() {
            return Error::argument(format!(
                "no series `{key}`: {within} holds no bars yet; `threadx import FILE` brings some in"
            ));
        }
        let stored: Vec<&str> = catalog.keys().filter(|k| k.symbol == key.symbol).map(|k| k.timeframe.name()).collect();
        if !stored.is_empty() {
            return Error::argument(format!(
                "no {} bars of {} in {within}, and no shorter ones to make them from; stored: {}",
                key.timeframe,
                key.symbol,
                stored.join(", ")
            ));
        }
        let mut symbols: Vec<&str> = catalog.keys().map(|k| k.symbol.as_str()).collect();
        symbols.dedup();
        Error::unknown("symbol", key.symbol.as_str(), within, symbols)
    }
}
