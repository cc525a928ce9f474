//! Where results go: the standard output, or a file that appears only when it is complete.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::{Error, Result};
use crate::repl::render::Format;

/// The place of results.
pub struct Output {
    target: Target,
    results: usize,
}

enum Target {
    Stdout,
    File {
        path: PathBuf,
        file: io::BufWriter<NamedTempFile>,
    },
    /// A device or pipe, which cannot be replaced.
    Device {
        path: PathBuf,
        file: std::fs::File,
    },
}

impl Output {
    /// The standard output.
    pub fn stdout() -> Self {
        Output { target: Target::Stdout, results: 0 }
    }

    /// A file; `-` is the standard output.
    pub fn file(path: &Path) -> Result<Self> {
        if path == Path::new("-") {
            return Ok(Output::stdout());
        }
        // The file behind a link is replaced, not the link.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        if path.is_dir() {
            return Err(Error::argument(format!("cannot write {}: it is a directory", path.display())));
        }
        if path.exists() && !path.is_file() {
            let file = std::fs::OpenOptions::new().write(true).open(&path).map_err(|e| Error::io("write", &path, e))?;
            return Ok(Output { target: Target::Device { path, file }, results: 0 });
        }
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let file = temporary(folder).map_err(|e| Error::io("write", &path, e))?;
        Ok(Output { target: Target::File { path, file: io::BufWriter::new(file) }, results: 0 })
    }

    /// Writes a file that is no result, such as a picture, under the same rules: it appears when it is complete, and replaces
    /// an older one.
    pub fn whole(path: &Path, bytes: &[u8]) -> Result<()> {
        let mut output = Output::file(path)?;
        output.results = 1;
        output.write(bytes)?;
        output.commit()
    }

    /// The file, if it is one.
    pub fn path(&self) -> Option<&Path> {
        match &self.target {
            Target::Stdout => None,
            Target::File { path, .. } | Target::Device { path, .. } => Some(path),
        }
    }

    /// Whether people look at it.
    pub fn is_terminal(&self) -> bool {
        matches!(self.target, Target::Stdout) && io::stdout().is_terminal()
    }

    /// Begins a result in this format, or says why it cannot go there.
    pub fn begin(&mut self, format: Format) -> Result<()> {
        let name = format.name();
        if format.is_binary() && self.is_terminal() {
            return Err(Error::argument(format!(
                "{name} cannot be shown on a terminal; name a file with --output or \\o, or pipe the output into a program"
            )));
        }
        if format.is_binary() && self.results > 0 {
            return Err(Error::argument(format!(
                "one {name} file holds one result, and this is the second; write it to a file of its own, or choose \
                 ndjson or csv"
            )));
        }
        self.results += 1;
        Ok(())
    }

    /// Writes a part of a result.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.target {
            Target::Stdout => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(|e| Error::io("write", "stdout", e))
            }
            Target::File { path, file } => file.write_all(bytes).map_err(|e| Error::io("write", path, e)),
            Target::Device { path, file } => file.write_all(bytes).map_err(|e| Error::io("write", path, e)),
        }
    }

    /// Makes the file appear. Without a result there is none to write, and an older file stays.
    pub fn commit(self) -> Result<()> {
        let Target::File { path, file } = self.target else { return Ok(()) };
        if self.results == 0 {
            eprintln!("no result to write: {} was not changed", path.display());
            return Ok(());
        }
        let save = || {
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|e| e.error)?;
            Ok(())
        };
        save().map_err(|e| Error::io("write", &path, e))
    }
}

/// A temporary file with the rights of an ordinary one.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".threadx-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Whether the reader of our output went away, which is no fault.
pub fn is_closed_pipe(error: &Error) -> bool {
    matches!(error, Error::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_only_when_it_is_complete() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.csv");
        std::fs::write(&path, "old").unwrap();
        let mut output = Output::file(&path).unwrap();
        output.begin(Format::Csv).unwrap();
        output.write(b"new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        output.commit().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        drop(Output::file(&path).unwrap());
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left behind");
    }

    #[test]
    fn a_binary_file_holds_one_result() {
        let dir = tempfile::tempdir().unwrap();
        let mut output = Output::file(&dir.path().join("a.parquet")).unwrap();
        output.begin(Format::Parquet).unwrap();
        let text = output.begin(Format::Parquet).unwrap_err().to_string();
        assert!(text.starts_with("one parquet file holds one result, and this is the second"), "{text}");
    }
}
