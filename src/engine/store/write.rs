//! Bringing bars into the store.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, Encoding, ZstdLevel};
use datafusion::parquet::file::metadata::SortingColumn;
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};
use datafusion::parquet::schema::types::ColumnPath;

use super::catalog::{Catalog, HIVE_DIR, MANAGED_PREFIX, Tier, series_dir};
use super::handle::Store;
use super::journal::{self, Journal, Step};
use super::merge::merge;
use super::read::{read_file, read_series};
use super::{catalog, lock};
use crate::engine::series::{Bars, SeriesKey, bars_schema, fingerprint};
use crate::engine::timeframe::{DAY_US, Timeframe, civil_from_days, format_ts};
use crate::error::{Error, Result};

/// Rows of a row group: small enough that a predicate on `ts` skips most of a file.
const ROW_GROUP_ROWS: usize = 65_536;

/// What an import changed in one series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Change {
    /// Bars that the store did not have.
    pub inserted: u64,
    /// Bars that the store had with other numbers.
    pub replaced: u64,
    /// Bars that the store already had.
    pub unchanged: u64,
}

impl Store {
    /// Brings bars into the store, several series as one change: either all of them are there afterwards or, after an
    /// error or a crash, none. A bar that is already there is left alone; one with other numbers is replaced. Other
    /// processes may read and write meanwhile.
    ///
    /// # Errors
    /// Bars out of order or with impossible numbers, a stored file that cannot be read, or a disk that cannot be written.
    pub fn import(&self, series: Vec<(SeriesKey, Bars)>) -> Result<Vec<Change>> {
        for (key, bars) in &series {
            check(key, bars)?;
        }
        let mut keys: Vec<&SeriesKey> = series.iter().map(|(key, _)| key).collect();
        keys.sort_unstable();
        if let Some(twice) = keys.windows(2).find(|w| w[0] == w[1]) {
            return Err(Error::Internal(format!("series {} is imported twice at once", twice[0])));
        }
        if series.iter().all(|(_, bars)| bars.is_empty()) {
            return Ok(vec![Change::default(); series.len()]);
        }
        self.to_change("an import of bars")?;
        let _guard = lock::exclusive(self.dir())?;
        journal::recover(self.dir())?;
        let catalog = catalog::scan(self.dir())?;
        let mut commit = Commit::new(self, &catalog);
        let changes = series.iter().map(|(key, bars)| commit.add(key, bars)).collect::<Result<Vec<_>>>();
        match changes.and_then(|changes| commit.finish().map(|()| changes)) {
            Ok(changes) => Ok(changes),
            Err(error) => {
                commit.abandon();
                Err(error)
            }
        }
    }
}

fn check(key: &SeriesKey, bars: &Bars) -> Result<()> {
    let wrong = |i: usize, what: String| {
        let message = format!("series {key}, row {} ({}): {what}", i + 1, format_ts(bars.ts[i]));
        Err(Error::Data { path: None, message })
    };
    if let Some(i) = bars.first_unordered() {
        return wrong(i, "not later than the row before it".into());
    }
    match bars.iter().enumerate().find_map(|(i, bar)| bar.fault().map(|fault| (i, fault.describe(&bar)))) {
        Some((i, what)) => wrong(i, what),
        None => Ok(()),
    }
}

/// Files that are written but not yet part of the store.
struct Commit<'a> {
    store: &'a Store,
    catalog: &'a Catalog,
    journal: Journal,
}

impl<'a> Commit<'a> {
    fn new(store: &'a Store, catalog: &'a Catalog) -> Self {
        remove_leftovers(store.dir());
        Self { store, catalog, journal: Journal::default() }
    }

    /// Writes the chunks of one series that change.
    fn add(&mut self, key: &SeriesKey, bars: &Bars) -> Result<Change> {
        let files = self.catalog.get(key).map(Vec::as_slice).unwrap_or_default();
        let stored = Bars::from_batch(&read_series(files, 1)?)?;
        let (fresh, change) = difference(&stored, bars);
        let mut chunks: BTreeMap<String, Bars> = BTreeMap::new();
        for bar in fresh.iter() {
            chunks.entry(chunk_of(key.timeframe, bar.ts)).or_default().push(bar);
        }
        let dir = series_dir(key);
        for (chunk, fresh) in chunks {
            let prefix = format!("{MANAGED_PREFIX}{chunk}-");
            let is_old =
                |path: &Path| path.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.starts_with(&prefix));
            let old: Vec<_> = files.iter().filter(|f| f.tier == Tier::Managed && is_old(&f.path)).cloned().collect();
            let mut content = Bars::default();
            for file in &old {
                content = merge(&content, &read_file(file)?, |a, _| Ok(*a))?;
            }
            let content = merge(&content, &fresh, |_, new| Ok(*new))?;
            let target = self.write(&dir, &prefix, content)?;
            for file in old {
                let name = file.path.file_name().map(PathBuf::from).unwrap_or_default();
                if dir.join(&name) != target {
                    self.journal.removals.push(dir.join(name));
                }
            }
        }
        Ok(change)
    }

    /// Writes one file under a hidden name; its name will carry the hash of its content, so that no file ever changes
    /// under a reader.
    fn write(&mut self, dir: &Path, prefix: &str, bars: Bars) -> Result<PathBuf> {
        let hash = fingerprint(&bars.ts, [&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume]);
        let name = format!("{prefix}{hash:016x}.parquet");
        let (target, temporary) = (dir.join(&name), dir.join(format!(".{name}.tmp")));
        let full_dir = self.store.dir().join(dir);
        fs::create_dir_all(&full_dir).map_err(|e| Error::io("create", &full_dir, e))?;
        self.journal.renames.push((temporary.clone(), target.clone()));
        let path = self.store.dir().join(&temporary);
        self.store.step(Step::WriteFile).map_err(|e| Error::io("write", &path, e))?;
        write_parquet(&path, bars)?;
        Ok(target)
    }

    fn finish(&self) -> Result<()> {
        if self.journal.renames.is_empty() {
            return Ok(());
        }
        self.journal.commit(self.store.dir(), &|step| self.store.step(step))
    }

    /// Removes what was written, unless the change has already happened and only waits to be carried out.
    fn abandon(&self) {
        if !journal::is_pending(self.store.dir()) {
            self.journal.renames.iter().for_each(|(temporary, _)| {
                let _ = fs::remove_file(self.store.dir().join(temporary));
            });
        }
    }
}

/// The bars that are new or different, and the counts.
fn difference(stored: &Bars, bars: &Bars) -> (Bars, Change) {
    let (mut fresh, mut change) = (Bars::default(), Change::default());
    for bar in bars.iter() {
        match stored.ts.binary_search(&bar.ts) {
            Ok(i) if stored.get(i).same_values(&bar) => change.unchanged += 1,
            Ok(_) => {
                change.replaced += 1;
                fresh.push(bar);
            }
            Err(_) => {
                change.inserted += 1;
                fresh.push(bar);
            }
        }
    }
    (fresh, change)
}

/// The file that a bar belongs to: one per year for bars below an hour, so that appending does not write history anew,
/// else one for all.
fn chunk_of(timeframe: Timeframe, ts: i64) -> String {
    match timeframe < Timeframe::H1 {
        true => civil_from_days(ts.div_euclid(DAY_US)).0.to_string(),
        false => "all".to_string(),
    }
}

fn write_parquet(path: &Path, bars: Bars) -> Result<()> {
    let failed = |e: std::io::Error| Error::io("write", path, e);
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3).map_err(|e| Error::Internal(e.to_string()))?))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_sorting_columns(Some(vec![SortingColumn { column_idx: 0, descending: false, nulls_first: false }]))
        .set_column_dictionary_enabled(ColumnPath::from("ts"), false)
        .set_column_encoding(ColumnPath::from("ts"), Encoding::DELTA_BINARY_PACKED)
        .build();
    let file = File::create(path).map_err(failed)?;
    let write = || -> datafusion::parquet::errors::Result<File> {
        let mut writer = ArrowWriter::try_new(file, bars_schema(), Some(properties))?;
        let batch = bars.into_batch().map_err(|e| datafusion::parquet::errors::ParquetError::External(Box::new(e)))?;
        writer.write(&batch)?;
        writer.into_inner()
    };
    write().map_err(|e| parquet_failed(path, e))?.sync_all().map_err(failed)
}

/// A failure of the disk inside the Parquet writer is a failure of the disk.
fn parquet_failed(path: &Path, error: datafusion::parquet::errors::ParquetError) -> Error {
    match error {
        datafusion::parquet::errors::ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(io) => Error::io("write", path, *io),
            Err(inner) => Error::Internal(inner.to_string()),
        },
        other => Error::io("write", path, std::io::Error::other(other.to_string())),
    }
}

/// Removes files that a killed import has left under hidden names.
fn remove_leftovers(root: &Path) {
    let children = |dir: &Path| fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect::<Vec<_>>();
    for symbol in children(&root.join(HIVE_DIR)) {
        for timeframe in children(&symbol) {
            for path in children(&timeframe) {
                let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
                if name.starts_with(&format!(".{MANAGED_PREFIX}")) && name.ends_with(".tmp") {
                    let _ = fs::remove_file(path);
                }
            }
        }
    }
}
