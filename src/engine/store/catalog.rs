//! What files a store has, told from their names alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::stamp::Stamp;
use crate::engine::series::{SeriesKey, Symbol};
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};

/// Directory of the Hive layout under the store.
pub(super) const HIVE_DIR: &str = "ohlcv";
/// First part of the name of a file that ThreadX wrote.
pub(super) const MANAGED_PREFIX: &str = "bars-";

/// Where a file stands when two files of a series hold the same bar: the first wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Written by ThreadX.
    Managed,
    /// Any other Parquet file in the Hive layout.
    Hive,
    /// A flat file in the store's directory.
    Flat,
}

/// How a stored file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileFormat {
    /// Apache Parquet.
    Parquet,
    /// Arrow IPC file, also called Feather version 2.
    Feather,
    /// Text with one bar per line.
    Csv,
}

impl FileFormat {
    fn from_extension(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "parquet" => Some(Self::Parquet),
            "feather" | "arrow" => Some(Self::Feather),
            "csv" => Some(Self::Csv),
            _ => None,
        }
    }

    /// The name, such as `parquet`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Feather => "feather",
            Self::Csv => "csv",
        }
    }
}

/// One file of a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its rank among the files of its series.
    pub tier: Tier,
    /// How it is written.
    pub format: FileFormat,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was last written.
    pub modified: SystemTime,
    /// What tells that it has not changed.
    pub stamp: Stamp,
}

/// The files of every series, in order of precedence and then of name.
pub(super) type Catalog = BTreeMap<SeriesKey, Vec<StoredFile>>;

/// Lists the files of the store at `root`. A store that does not exist yet is empty; a file or directory that is not named
/// like a series is not one.
pub(super) fn scan(root: &Path) -> Result<Catalog> {
    scan_where(root, |_| true)
}

/// Lists the files of one symbol only, which is much less work in a store of many.
pub(super) fn scan_symbol(root: &Path, symbol: &Symbol) -> Result<Catalog> {
    scan_where(root, |name| name.trim().eq_ignore_ascii_case(symbol.as_str()))
}

/// Lists the files of the symbols that `wanted` takes by their name as it is written in the file system.
fn scan_where(root: &Path, wanted: impl Fn(&str) -> bool) -> Result<Catalog> {
    let mut catalog = Catalog::new();
    for path in entries(root, |name| name.rsplit_once('_').is_some_and(|(symbol, _)| wanted(symbol)))? {
        if let Some(key) = flat_key(&path) {
            add(&mut catalog, key, path, Tier::Flat)?;
        }
    }
    let is_wanted = |name: &str| name.split_once('=').is_some_and(|(_, symbol)| wanted(symbol));
    for symbol_dir in entries(&root.join(HIVE_DIR), is_wanted)? {
        let Some(symbol) = partition(&symbol_dir, "symbol").and_then(|s| Symbol::parse(&s).ok()) else { continue };
        for timeframe_dir in entries(&symbol_dir, |_| true)? {
            let timeframe = partition(&timeframe_dir, "timeframe").and_then(|t| Timeframe::parse(&t).ok());
            let Some(timeframe) = timeframe else { continue };
            let key = SeriesKey { symbol: symbol.clone(), timeframe };
            for path in entries(&timeframe_dir, |_| true)? {
                if FileFormat::from_extension(&path) == Some(FileFormat::Parquet) {
                    let managed = file_name(&path).starts_with(MANAGED_PREFIX);
                    add(&mut catalog, key.clone(), path, if managed { Tier::Managed } else { Tier::Hive })?;
                }
            }
        }
    }
    catalog.values_mut().for_each(|files| files.sort_by(|a, b| (a.tier, &a.path).cmp(&(b.tier, &b.path))));
    Ok(catalog)
}

/// The directory of a series in the Hive layout, relative to the store.
pub(super) fn series_dir(key: &SeriesKey) -> PathBuf {
    Path::new(HIVE_DIR).join(format!("symbol={}", key.symbol)).join(format!("timeframe={}", key.timeframe.path_name()))
}

fn add(catalog: &mut Catalog, key: SeriesKey, path: PathBuf, tier: Tier) -> Result<()> {
    let meta = match fs::metadata(&path) {
        Ok(meta) => meta,
        // Removed between the listing and now: another process has replaced it.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io("read", &path, error)),
    };
    let modified = meta.modified().unwrap_or(SystemTime::UNIX_EPOCH);
    if let (true, Some(format)) = (meta.is_file(), FileFormat::from_extension(&path)) {
        let stamp = Stamp::of(&meta);
        catalog.entry(key).or_default().push(StoredFile { path, tier, format, bytes: meta.len(), modified, stamp });
    }
    Ok(())
}

/// The series that a flat file is named after: `SYMBOL_TF.ext`, split at the last underscore.
fn flat_key(path: &Path) -> Option<SeriesKey> {
    FileFormat::from_extension(path)?;
    let (symbol, timeframe) = path.file_stem()?.to_str()?.rsplit_once('_')?;
    SeriesKey::parse(symbol, timeframe).ok()
}

/// The value of a Hive directory `name=value`.
fn partition(path: &Path, name: &str) -> Option<String> {
    let (key, value) = file_name(path).split_once('=')?;
    (key == name).then(|| value.to_string())
}

fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|n| n.to_str()).unwrap_or_default()
}

/// The entries of a directory that are not hidden and whose name `wanted` takes, sorted; none where there is no such
/// directory.
fn entries(dir: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    let listing = match fs::read_dir(dir) {
        Ok(listing) => listing,
        Err(e) if matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(e) => return Err(Error::io("read", dir, e)),
    };
    let mut names = Vec::new();
    for entry in listing {
        // A name that is not Unicode is not the name of a series.
        let name = entry.map_err(|e| Error::io("read", dir, e))?.file_name().into_string();
        names.extend(name.ok().filter(|name| !name.starts_with(['.', '_']) && wanted(name)));
    }
    names.sort_unstable();
    Ok(names.into_iter().map(|name| dir.join(name)).collect())
}
