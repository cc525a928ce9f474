//! Where a report goes: one file, or a folder. It appears when it is complete; until then there is nothing to see.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

use super::content::Report;
use super::{html, markdown};
use crate::error::{Error, Result};

/// The place of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One file of HTML.
    Html(PathBuf),
    /// One file of Markdown, with charts drawn in text.
    Markdown(PathBuf),
    /// A folder with `index.html`, `report.md`, a drawing of each chart, and the files that `COPY` writes.
    Folder(PathBuf),
}

/// A folder in the making.
#[derive(Debug)]
pub struct Stage {
    /// Removed when it goes out of use.
    _guard: TempDir,
    folder: PathBuf,
}

impl Target {
    /// Reads the name of a place: `*.html`, `*.md`, or a folder, which exists or ends with a slash.
    ///
    /// # Errors
    /// A name of another kind.
    pub fn parse(path: &Path) -> Result<Self> {
        let text = path.to_string_lossy();
        if text.ends_with(['/', std::path::MAIN_SEPARATOR]) || path.is_dir() {
            return Ok(Target::Folder(path.to_path_buf()));
        }
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
        match extension.as_str() {
            "html" | "htm" => Ok(Target::Html(path.to_path_buf())),
            "md" | "markdown" => Ok(Target::Markdown(path.to_path_buf())),
            _ => Err(Error::argument(format!(
                "a report is written as .html, as .md or into a folder, whose name ends with /; got `{text}`"
            ))),
        }
    }

    /// The path.
    pub fn path(&self) -> &Path {
        match self {
            Target::Html(path) | Target::Markdown(path) | Target::Folder(path) => path,
        }
    }

    /// A place for the files of a folder while the report is made.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn stage(&self) -> Result<Option<Stage>> {
        let Target::Folder(path) = self else { return Ok(None) };
        let beside = if path.is_dir() { path.as_path() } else { parent(path) };
        let failed = |e| Error::io("write", path, e);
        let guard = tempfile::Builder::new().prefix(".threadx-").tempdir_in(beside).map_err(failed)?;
        let folder = guard.path().join("report");
        fs::create_dir(&folder).map_err(failed)?;
        Ok(Some(Stage { _guard: guard, folder }))
    }

    /// Writes the report. `stage` holds what `COPY` has written.
    ///
    /// # Errors
    /// A disk that cannot be written; a folder in which a link leads elsewhere.
    pub fn write(&self, report: &Report, stage: Option<Stage>) -> Result<()> {
        match self {
            Target::Html(path) => write_file(path, html::page(report)?.as_bytes()),
            Target::Markdown(path) => write_file(path, markdown::text(report)?.as_bytes()),
            Target::Folder(path) => {
                let stage = stage.map_or_else(|| self.stage(), |stage| Ok(Some(stage)))?;
                let stage = stage.ok_or_else(|| Error::Internal("a folder without a stage".into()))?;
                fill(&stage.folder, report)?;
                move_folder(&stage.folder, path)
            }
        }
    }
}

impl Stage {
    /// Where `COPY` may write.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."))
}

/// Writes a file that appears at once.
fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    // The file behind a link is replaced, not the link.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let save = || {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".threadx-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut file: NamedTempFile = builder.tempfile_in(parent(&path))?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(&path).map_err(|e| e.error)?;
        Ok(())
    };
    save().map_err(|e| Error::io("write", &path, e))
}

/// Writes the report's own files.
fn fill(folder: &Path, report: &Report) -> Result<()> {
    let (text, drawings) = markdown::with_drawings(report)?;
    let mut files = vec![("index.html".to_string(), html::page(report)?), ("report.md".to_string(), text)];
    files.extend(drawings);
    for (name, text) in files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|e| Error::io("write", &path, e))?;
    }
    Ok(())
}

/// Makes the finished folder appear: as a whole where there is none, else file by file.
fn move_folder(from: &Path, to: &Path) -> Result<()> {
    if !to.exists() {
        let to = to.components().as_path();
        return fs::rename(from, to).map_err(|e| Error::io("write", to, e));
    }
    for old in fs::read_dir(to).map_err(|e| Error::io("read", to, e))?.flatten() {
        let name = old.file_name().to_string_lossy().into_owned();
        if markdown::is_drawing(&name) && !from.join(&name).exists() {
            fs::remove_file(old.path()).map_err(|e| Error::io("remove", old.path(), e))?;
        }
    }
    move_files(from, to)
}

fn move_files(from: &Path, to: &Path) -> Result<()> {
    let failed = |e| Error::io("write", to, e);
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let target = to.join(entry.file_name());
        if !entry.file_type().map_err(failed)?.is_dir() {
            fs::rename(entry.path(), &target).map_err(|e| Error::io("write", &target, e))?;
            continue;
        }
        if target.is_symlink() {
            let message = format!("{} is a link, and a report stays inside of its folder", target.display());
            return Err(Error::argument(message));
        }
        if !target.is_dir() {
            fs::create_dir(&target).map_err(|e| Error::io("write", &target, e))?;
        }
        move_files(&entry.path(), &target)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_form() {
        let form = |path: &str| Target::parse(path.as_ref());
        assert_eq!(form("a.html").unwrap(), Target::Html("a.html".into()));
        assert_eq!(form("a.MD").unwrap(), Target::Markdown("a.MD".into()));
        assert_eq!(form("out/").unwrap(), Target::Folder("out/".into()));
        assert_eq!(
            form("a.pdf").unwrap_err().to_string(),
            "a report is written as .html, as .md or into a folder, whose name ends with /; got `a.pdf`"
        );
    }

    #[test]
    fn an_older_folder_is_updated_and_links_are_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        let (from, to, other) = (dir.path().join("from"), dir.path().join("to"), dir.path().join("other"));
        for folder in [&from, &to, &other, &from.join("data")] {
            fs::create_dir(folder).unwrap();
        }
        fs::write(from.join("data/a.csv"), "new").unwrap();
        fs::write(to.join("chart-7.svg"), "old").unwrap();
        fs::write(to.join("mine.txt"), "mine").unwrap();
        move_folder(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(to.join("data/a.csv")).unwrap(), "new");
        assert!(!to.join("chart-7.svg").exists() && to.join("mine.txt").exists());
        #[cfg(unix)]
        {
            fs::remove_dir_all(to.join("data")).unwrap();
            std::os::unix::fs::symlink(&other, to.join("data")).unwrap();
            fs::write(from.join("data/a.csv"), "new").unwrap();
            assert!(move_folder(&from, &to).unwrap_err().to_string().contains("is a link"));
            assert_eq!(fs::read_dir(&other).unwrap().count(), 0);
        }
    }
}
