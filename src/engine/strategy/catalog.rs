//! The catalog of strategies: the built-in ones, and the user's as `.sql` files beside the bars.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock};
use std::time::SystemTime;

use super::definition::Strategy;
use super::parse::{StrategyStatement, parse_statement};
use crate::engine::workspace::Access;
use crate::error::{Error, Result};

include!(concat!(env!("OUT_DIR"), "/built_in_strategies.rs"));

/// A built-in strategy, parsed when it is first wanted: who runs one need not wait for all.
struct BuiltIn {
    name: &'static str,
    source: &'static str,
    parsed: OnceLock<Arc<Strategy>>,
}

static BUILT_INS: LazyLock<Vec<BuiltIn>> = LazyLock::new(|| {
    let named = BUILT_IN.iter().map(|(file, source)| (file.strip_suffix(".sql").unwrap_or(file), *source));
    named.map(|(name, source)| BuiltIn { name, source, parsed: OnceLock::new() }).collect()
});

impl BuiltIn {
    fn find(name: &str) -> Option<&'static Self> {
        BUILT_INS.iter().find(|built_in| built_in.name == name)
    }

    fn strategy(&self) -> Result<Arc<Strategy>> {
        if let Some(strategy) = self.parsed.get() {
            return Ok(Arc::clone(strategy));
        }
        let mut strategy = parse_create(self.source)
            .map_err(|e| Error::Internal(format!("built-in strategy {} does not parse: {e}", self.name)))?;
        strategy.built_in = true;
        Ok(Arc::clone(self.parsed.get_or_init(|| Arc::new(strategy))))
    }
}

/// Strategies by name. Built-in names cannot be replaced or dropped.
#[derive(Debug)]
pub struct Catalog {
    directory: PathBuf,
    access: Access,
    /// Those of the user.
    entries: RwLock<BTreeMap<String, Arc<Strategy>>>,
    /// The files that they were read from.
    files: RwLock<Vec<File>>,
}

/// A file as it was when it was read: path, time of the last change, length.
type File = (PathBuf, Option<SystemTime>, u64);

impl Catalog {
    /// The built-in strategies and those in `directory`, which may not exist.
    ///
    /// A file that does not parse is an error that names it.
    pub fn open(directory: &Path) -> Result<Self> {
        let catalog = Catalog {
            directory: directory.to_path_buf(),
            access: Access::Full,
            entries: RwLock::default(),
            files: RwLock::default(),
        };
        catalog.reload()?;
        Ok(catalog)
    }

    /// The catalog with what may be done to it.
    pub fn with_access(self, access: Access) -> Self {
        Catalog { access, ..self }
    }

    /// Reads the user's strategies.
    fn reload(&self) -> Result<()> {
        let files = self.list()?;
        let mut found = vec![];
        for (path, ..) in &files {
            let source = match fs::read_to_string(path) {
                Ok(source) => source,
                // Another process has taken it away meanwhile.
                Err(e) if e.kind() == ErrorKind::NotFound => continue,
                Err(e) => return Err(Error::io("read", path, e)),
            };
            let strategy = parse_create(&source).map_err(|e| Error::data(path, e.to_string()))?;
            found.push(Arc::new(strategy));
        }
        let mut entries = BTreeMap::new();
        for strategy in found.into_iter().filter(|strategy| BuiltIn::find(&strategy.name).is_none()) {
            entries.entry(strategy.name.clone()).or_insert(strategy);
        }
        *self.write() = entries;
        *self.files.write().unwrap_or_else(PoisonError::into_inner) = files;
        Ok(())
    }

    /// Reads the user's strategies again if a file has come, gone or changed since, so that those of other processes are seen.
    pub fn refresh(&self) -> Result<()> {
        let is_current = self.list()? == *self.files.read().unwrap_or_else(PoisonError::into_inner);
        if is_current { Ok(()) } else { self.reload() }
    }

    /// The files of the user's strategies, by path.
    fn list(&self) -> Result<Vec<File>> {
        let unread = |e| Error::io("read", &self.directory, e);
        let entries = match fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(vec![]),
            Err(e) => return Err(unread(e)),
        };
        let mut files = vec![];
        for entry in entries {
            let entry = entry.map_err(unread)?;
            let path = entry.path();
            if path.extension().is_none_or(|e| e != "sql") {
                continue;
            }
            match entry.metadata() {
                Ok(metadata) => files.push((path, metadata.modified().ok(), metadata.len())),
                Err(e) if e.kind() == ErrorKind::NotFound => {}
                Err(e) => return Err(Error::io("read", &path, e)),
            }
        }
        files.sort();
        Ok(files)
    }

    /// Whether there is a strategy of this name.
    pub fn contains(&self, name: &str) -> bool {
        let key = name.to_lowercase();
        BuiltIn::find(&key).is_some() || self.read().contains_key(&key)
    }

    /// The strategy of this name, or an error that suggests one.
    pub fn get(&self, name: &str) -> Result<Arc<Strategy>> {
        let key = name.to_lowercase();
        if let Some(built_in) = BuiltIn::find(&key) {
            return built_in.strategy();
        }
        self.refresh()?;
        let entries = self.read();
        entries.get(&key).cloned().ok_or_else(|| {
            let built_in = BUILT_INS.iter().map(|built_in| built_in.name);
            let mut names: Vec<&str> = entries.keys().map(String::as_str).chain(built_in).collect();
            names.sort_unstable();
            Error::unknown("strategy", name, String::new(), names)
        })
    }

    /// Every strategy, sorted by name.
    pub fn all(&self) -> Vec<Arc<Strategy>> {
        // That each of the built-in ones parses is a test's concern.
        let built_in = BUILT_INS.iter().filter_map(|built_in| built_in.strategy().ok());
        let mut all: Vec<_> = self.read().values().cloned().chain(built_in).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    /// Adds a strategy and writes its file; the caller has checked it.
    pub fn create(&self, strategy: Strategy, or_replace: bool) -> Result<()> {
        self.access.to_change("a new strategy")?;
        self.refresh()?;
        if BuiltIn::find(&strategy.name).is_some() {
            return Err(strategy.error("a built-in strategy has this name; choose another"));
        }
        let mut entries = self.write();
        if entries.contains_key(&strategy.name) && !or_replace {
            return Err(strategy.error("it exists already; write CREATE OR REPLACE STRATEGY to replace it"));
        }
        self.save(&strategy)?;
        entries.insert(strategy.name.clone(), Arc::new(strategy));
        Ok(())
    }

    /// Removes a strategy and its file.
    pub fn drop(&self, name: &str, if_exists: bool) -> Result<()> {
        self.access.to_change("DROP STRATEGY")?;
        self.refresh()?;
        if if_exists && !self.contains(name) {
            return Ok(());
        }
        let strategy = self.get(name)?;
        if strategy.built_in {
            return Err(strategy.error("it is built in and cannot be dropped"));
        }
        let path = self.path(&strategy.name);
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            Err(e) => return Err(Error::io("remove", &path, e)),
        }
        self.write().remove(&strategy.name);
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.join(format!("{name}.sql"))
    }

    fn save(&self, strategy: &Strategy) -> Result<()> {
        let safe = strategy.name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !safe || strategy.name.is_empty() || strategy.name.len() > 64 {
            return Err(strategy.error("a name has 1 to 64 letters, digits and underscores"));
        }
        let path = self.path(&strategy.name);
        fs::create_dir_all(&self.directory).map_err(|e| Error::io("create", &self.directory, e))?;
        let write = || {
            let mut file = tempfile::NamedTempFile::new_in(&self.directory)?;
            writeln!(file, "{};", strategy.source)?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|e| e.error)?;
            Ok(())
        };
        write().map_err(|e| Error::io("write", &path, e))
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, BTreeMap<String, Arc<Strategy>>> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, BTreeMap<String, Arc<Strategy>>> {
        self.entries.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn parse_create(source: &str) -> Result<Strategy> {
    match parse_statement(source)? {
        Some(StrategyStatement::Create { strategy, .. }) => Ok(*strategy),
        _ => Err(Error::Sql("expected CREATE STRATEGY".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_strategy_parses_and_is_called_like_its_file() {
        for built_in in BUILT_INS.iter() {
            let strategy = built_in.strategy().unwrap();
            assert_eq!((strategy.name.as_str(), strategy.built_in), (built_in.name, true));
        }
        assert!(BUILT_INS.is_sorted_by_key(|built_in| built_in.name) && !BUILT_INS.is_empty());
    }

    #[test]
    fn what_another_process_does_is_seen() {
        let directory = tempfile::tempdir().unwrap();
        let [here, elsewhere] = [(); 2].map(|()| Catalog::open(directory.path()).unwrap());
        let strategy = |limit: &str| {
            parse_create(&format!("CREATE STRATEGY mine AS SELECT *, close > {limit} AS enter_long FROM bars")).unwrap()
        };
        elsewhere.create(strategy("1"), false).unwrap();
        assert!(here.get("mine").unwrap().source.contains("close > 1 "));
        elsewhere.create(strategy("20"), true).unwrap();
        assert!(here.get("mine").unwrap().source.contains("close > 20 "));
        elsewhere.drop("mine", false).unwrap();
        assert!(here.get("mine").is_err());
    }
}
