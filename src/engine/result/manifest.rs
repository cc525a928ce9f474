//! What the latest sweep of a result was: the file `manifest.toml` beside its segments.

use std::io::Write;
use std::path::Path;

use crate::engine::store::sync_dir;
use crate::error::{Error, Result};

/// The file in the directory of a result.
pub(super) const FILE: &str = "manifest.toml";

/// A sweep in words, for lists.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct About {
    /// Name of the strategy.
    pub strategy: String,
    /// The parameters that take more than one value, such as `fast×10, slow×20`.
    pub grid: String,
    /// Symbols.
    pub symbols: Vec<String>,
    /// Timeframes.
    pub timeframes: Vec<String>,
    /// The options that differ from the defaults.
    pub options: String,
    /// Points of the grid before pruning, over all series.
    pub points: u64,
}

/// The content of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Manifest {
    /// The latest sweep.
    pub(super) about: About,
    /// When the result was made, microseconds since 1970 UTC.
    pub(super) created: i64,
    /// Whether the latest sweep came to its end.
    pub(super) finished: bool,
}

impl Manifest {
    /// Reads the file; `None` if there is none.
    pub(super) fn read(dir: &Path) -> Result<Option<Self>> {
        let path = dir.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Error::io("read", &path, e)),
        };
        let table = text.parse::<toml::Table>().map_err(|e| damaged(&path, e.message()))?;
        Self::parse(&table).map(Some).ok_or_else(|| damaged(&path, "a value is missing or has another type"))
    }

    fn parse(table: &toml::Table) -> Option<Self> {
        let text = |name: &str| table.get(name)?.as_str().map(str::to_string);
        let texts = |name: &str| -> Option<Vec<String>> {
            table.get(name)?.as_array()?.iter().map(|v| v.as_str().map(str::to_string)).collect()
        };
        let about = About {
            strategy: text("strategy")?,
            grid: text("grid")?,
            symbols: texts("symbols")?,
            timeframes: texts("timeframes")?,
            options: text("options")?,
            points: u64::try_from(table.get("points")?.as_integer()?).ok()?,
        };
        let (created, finished) = (table.get("created_us")?.as_integer()?, table.get("finished")?.as_bool()?);
        Some(Manifest { about, created, finished })
    }

    /// Writes the file as one change.
    pub(super) fn write(&self, dir: &Path) -> Result<()> {
        let About { strategy, grid, symbols, timeframes, options, points } = &self.about;
        let mut table = toml::Table::new();
        table.insert("strategy".into(), strategy.clone().into());
        table.insert("grid".into(), grid.clone().into());
        table.insert("symbols".into(), symbols.clone().into());
        table.insert("timeframes".into(), timeframes.clone().into());
        table.insert("options".into(), options.clone().into());
        table.insert("points".into(), i64::try_from(*points).unwrap_or(i64::MAX).into());
        table.insert("created_us".into(), self.created.into());
        table.insert("finished".into(), self.finished.into());
        let path = dir.join(FILE);
        let write = || {
            let mut file = tempfile::NamedTempFile::new_in(dir)?;
            file.write_all(table.to_string().as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|e| e.error)?;
            Ok(())
        };
        write().map_err(|e| Error::io("write", &path, e))?;
        sync_dir(dir)
    }
}

fn damaged(path: &Path, what: &str) -> Error {
    Error::data(path, format!("{what}; delete the file, the next sweep into this result writes it anew"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_reads_back() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(Manifest::read(dir.path()).unwrap(), None);
        let about = About {
            strategy: "s\"x".into(),
            grid: "fast×2".into(),
            symbols: vec!["A".into(), "B".into()],
            timeframes: vec!["1h".into()],
            options: "fee_bps=1".into(),
            points: 12,
        };
        for finished in [false, true] {
            let manifest = Manifest { about: about.clone(), created: 77, finished };
            manifest.write(dir.path()).unwrap();
            assert_eq!(Manifest::read(dir.path()).unwrap(), Some(manifest));
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "no temporary file stays");
        std::fs::write(dir.path().join(FILE), "strategy = 1").unwrap();
        let text = Manifest::read(dir.path()).unwrap_err().to_string();
        assert!(text.contains("manifest.toml: a value is missing or has another type; delete the file"), "{text}");
    }
}
