//! All results of a data directory: opening, listing and removing them.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::checkpoint::{Checkpoint, lock};
use super::manifest::{About, FILE, Manifest};
use super::name::ResultName;
use super::segment;
use crate::engine::workspace::Access;
use crate::error::{Error, Result};

/// Directory of the results below the data directory.
const DIR: &str = "results";

/// The results of a data directory. Holds no files open and looks at the disk at every call.
#[derive(Debug, Clone)]
pub struct Results {
    root: PathBuf,
    access: Access,
}

/// A result as `results()` lists it. What a file does not tell is absent, and `error` says why.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredResult {
    /// Its name.
    pub name: ResultName,
    /// The latest sweep.
    pub about: Option<About>,
    /// Points with a stored row, those of earlier sweeps included.
    pub stored: Option<u64>,
    /// Whether the latest sweep came to its end.
    pub finished: bool,
    /// Bytes of its files.
    pub bytes: u64,
    /// When it was made, microseconds since 1970 UTC.
    pub created: Option<i64>,
    /// When it was last written, microseconds since 1970 UTC.
    pub updated: Option<i64>,
    /// What is wrong with its files.
    pub error: Option<String>,
}

impl Results {
    /// The results below a data directory, which need not exist.
    pub fn open_dir(data_dir: &Path) -> Self {
        Results { root: data_dir.to_path_buf(), access: Access::Full }
    }

    /// The results with what may be done to them.
    pub fn with_access(&self, access: Access) -> Self {
        Results { access, ..self.clone() }
    }

    /// The directory that holds them, one directory each.
    pub fn path(&self) -> PathBuf {
        self.root.join(DIR)
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn dir(&self, name: &ResultName) -> PathBuf {
        self.path().join(name.as_str())
    }

    /// Opens a result for the one sweep that writes it, and makes it if there is none. Waits a moment for a sweep that was
    /// just cancelled; `cancelled` ends the wait.
    ///
    /// # Errors
    /// Another writer that stays, a damaged file, or a disk that cannot be read or written.
    pub fn open(&self, name: &ResultName, about: About, cancelled: &dyn Fn() -> bool) -> Result<Checkpoint> {
        self.access.to_change("a sweep with a checkpoint")?;
        Checkpoint::open(self, name, about, cancelled)
    }

    /// Every result, sorted by name. Waits for no writer.
    ///
    /// # Errors
    /// A directory that cannot be listed.
    pub fn list(&self) -> Result<Vec<StoredResult>> {
        self.names()?.into_iter().map(|name| Ok(stored(&self.dir(&name), name))).collect()
    }

    /// The name of every result, sorted.
    ///
    /// # Errors
    /// A directory that cannot be listed.
    pub fn names(&self) -> Result<Vec<ResultName>> {
        let dir = self.path();
        let mut names: Vec<ResultName> = entries(&dir)?
            .iter()
            .filter(|path| path.is_dir())
            .filter_map(|path| {
                let text = path.file_name()?.to_str()?;
                ResultName::parse(text).ok().filter(|name| name.as_str() == text)
            })
            .collect();
        names.sort();
        Ok(names)
    }

    /// Removes a result and its rows.
    ///
    /// # Errors
    /// No result of this name, unless `if_exists`; one that is being written; a disk that cannot be written.
    pub fn drop(&self, name: &str, if_exists: bool) -> Result<()> {
        self.access.to_change("DROP RESULT")?;
        let name = ResultName::parse(name)?;
        let dir = self.dir(&name);
        if !dir.is_dir() {
            if if_exists {
                return Ok(());
            }
            let names = self.names()?;
            return Err(Error::unknown("result", name.as_str(), "", names.iter().map(ResultName::as_str)));
        }
        let _guard = lock(&self.root, &name, &|| false)?;
        // Renamed first, so that a removal that is interrupted leaves no half of a result.
        let hidden = self.path().join(format!(".{name}.dropped"));
        remove(&hidden)?;
        match fs::rename(&dir, &hidden) {
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(Error::io("remove", &dir, e)),
            _ => {}
        }
        remove(&hidden)
    }
}

fn remove(dir: &Path) -> Result<()> {
    match fs::remove_dir_all(dir) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(Error::io("remove", dir, e)),
        _ => Ok(()),
    }
}

fn stored(dir: &Path, name: ResultName) -> StoredResult {
    let mut out = StoredResult {
        name,
        about: None,
        stored: None,
        finished: false,
        bytes: 0,
        created: None,
        updated: None,
        error: None,
    };
    match Manifest::read(dir) {
        Ok(Some(manifest)) => {
            (out.about, out.created, out.finished) = (Some(manifest.about), Some(manifest.created), manifest.finished);
        }
        Ok(None) => out.error = Some(format!("{} has no {FILE}; the sweep writes it when it goes on", dir.display())),
        Err(error) => out.error = Some(error.to_string()),
    }
    let metadata = entries(dir).unwrap_or_default().into_iter().filter_map(|path| fs::metadata(path).ok());
    for metadata in metadata {
        out.bytes += metadata.len();
        out.updated = out.updated.max(metadata.modified().ok().and_then(micros));
    }
    // The clock of the file system may be some milliseconds behind.
    out.updated = out.updated.max(out.created);
    match count(dir) {
        Ok(points) => out.stored = Some(points),
        Err(error) => out.error = Some(error.to_string()),
    }
    out
}

/// Points with a stored row. A unit that is stored twice, because a later sweep needed more of it, counts once.
fn count(dir: &Path) -> Result<u64> {
    let mut units = std::collections::HashMap::new();
    for (_, path) in segments(dir)? {
        match segment::scan(&path) {
            Ok(scan) => units.extend(scan.records.iter().map(|record| (record.key, u64::from(record.points)))),
            // Removed since the listing.
            Err(Error::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(units.values().sum())
}

/// The segments in a directory with their numbers, in their order.
pub(super) fn segments(dir: &Path) -> Result<Vec<(u32, PathBuf)>> {
    let number = |path: &Path| -> Option<u32> {
        path.file_name()?.to_str()?.strip_prefix("segment-")?.strip_suffix(".txr")?.parse().ok()
    };
    let mut found: Vec<(u32, PathBuf)> =
        entries(dir)?.into_iter().filter_map(|path| Some((number(&path)?, path))).collect();
    found.sort();
    Ok(found)
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>> {
    let failed = |e| Error::io("read", dir, e);
    match fs::read_dir(dir) {
        Ok(all) => all.map(|entry| entry.map(|e| e.path()).map_err(failed)).collect(),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(vec![]),
        Err(e) => Err(failed(e)),
    }
}

/// The present time, microseconds since 1970 UTC.
pub(super) fn now() -> i64 {
    micros(SystemTime::now()).unwrap_or(0)
}

fn micros(time: SystemTime) -> Option<i64> {
    i64::try_from(time.duration_since(UNIX_EPOCH).ok()?.as_micros()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_result_is_gone_and_can_be_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let results = Results::open_dir(dir.path());
        assert_eq!(results.list().unwrap(), []);
        let text = results.drop("a", false).unwrap_err().to_string();
        assert_eq!(text, "unknown result `a`");
        results.drop("a", true).unwrap();
        for _ in 0..2 {
            let name = ResultName::parse("nightly").unwrap();
            results.open(&name, About::default(), &|| false).unwrap().finish(true).unwrap();
            let list = results.list().unwrap();
            assert_eq!((list.len(), list[0].finished, list[0].stored, &list[0].error), (1, true, Some(0), &None));
            assert!(list[0].created > Some(1_600_000_000_000_000) && list[0].updated >= list[0].created);
            let text = results.drop("nightl", false).unwrap_err().to_string();
            assert_eq!(text, "unknown result `nightl`; did you mean `nightly`?");
            results.drop("NIGHTLY", false).unwrap();
            assert_eq!(results.list().unwrap(), []);
            assert_eq!(fs::read_dir(dir.path().join(DIR)).unwrap().count(), 0);
        }
        assert!(results.drop("../x", true).is_err());
    }

    #[test]
    fn a_directory_without_a_manifest_is_listed_with_the_reason() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("results/half")).unwrap();
        fs::create_dir_all(dir.path().join("results/.x.dropped")).unwrap();
        let list = Results::open_dir(dir.path()).list().unwrap();
        assert_eq!((list.len(), list[0].name.as_str(), list[0].about.is_none()), (1, "half", true));
        assert!(list[0].error.as_ref().unwrap().ends_with("has no manifest.toml; the sweep writes it when it goes on"));
    }
}
