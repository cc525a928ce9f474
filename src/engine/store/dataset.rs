//! What a store holds, one entry per series.

use std::path::PathBuf;

use super::catalog::{StoredFile, Tier};
use super::read;
use crate::engine::series::{SeriesKey, Symbol};
use crate::engine::timeframe::Timeframe;

/// One stored series, as `datasets()` lists it.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// The symbol.
    pub symbol: Symbol,
    /// The length of a bar.
    pub timeframe: Timeframe,
    /// Number of bars; none where a file cannot be read.
    pub rows: Option<u64>,
    /// Open time of the first bar, microseconds since 1970 UTC.
    pub first_ts: Option<i64>,
    /// Open time of the last bar.
    pub last_ts: Option<i64>,
    /// Bytes of all its files.
    pub bytes: u64,
    /// How the files are written; `parquet+csv` where they differ.
    pub format: String,
    /// The flat file, or the directory in the Hive layout.
    pub path: PathBuf,
    /// Why the series cannot be read, where it cannot.
    pub error: Option<String>,
}

impl Dataset {
    /// Looks at the files of one series. A file that cannot be read gives a note, not an error: one bad file must not hide
    /// the others.
    pub(super) fn of(key: &SeriesKey, files: &[StoredFile]) -> Self {
        let mut formats: Vec<&str> = files.iter().map(|f| f.format.name()).collect();
        formats.dedup();
        let path = match files {
            [first, ..] if first.tier != Tier::Flat => first.path.parent().map(PathBuf::from).unwrap_or_default(),
            [first, ..] => first.path.clone(),
            [] => PathBuf::new(),
        };
        let (extent, error) = match read::series_extent(files) {
            Ok(extent) => (Some(extent), None),
            Err(error) => (None, Some(error.to_string())),
        };
        Self {
            symbol: key.symbol.clone(),
            timeframe: key.timeframe,
            rows: extent.map(|e| e.rows),
            first_ts: extent.and_then(|e| e.span).map(|s| s.0),
            last_ts: extent.and_then(|e| e.span).map(|s| s.1),
            bytes: files.iter().map(|f| f.bytes).sum(),
            format: formats.join("+"),
            path,
            error,
        }
    }
}
