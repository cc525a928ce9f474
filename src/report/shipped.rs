//! The reports that come with the engine: the files of `sql/reports`.

use crate::error::{Error, Result};

include!(concat!(env!("OUT_DIR"), "/shipped_reports.rs"));

/// Names of the shipped reports, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(file, _)| file.strip_suffix(".sql").unwrap_or(file))
}

/// The text of a shipped report.
pub fn text(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(file, _)| file.strip_suffix(".sql") == Some(name)).map(|(_, text)| *text)
}

/// Name and text of a report: a file, or the name of a shipped report where there is no such file.
///
/// # Errors
/// A file that cannot be read, and no shipped report of this name.
pub fn read(path: &std::path::Path) -> Result<(String, String)> {
    match std::fs::read_to_string(path) {
        Ok(text) => {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            Ok((name, text.trim_start_matches('\u{feff}').to_string()))
        }
        Err(error) => {
            let name = path.to_str().unwrap_or_default();
            if let Some(text) = text(name) {
                return Ok((format!("{name}.sql"), text.to_string()));
            }
            let is_bare = !name.contains(['/', '.', '\\']) && error.kind() == std::io::ErrorKind::NotFound;
            Err(if is_bare { Error::unknown("report", name, "", names()) } else { Error::io("read", path, error) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_report_can_be_read() {
        assert!(names().is_sorted());
        for name in names() {
            let text = text(name).unwrap();
            let document = crate::report::directive::parse(text)
                .unwrap_or_else(|fault| panic!("{name}:{}: {}", fault.line, fault.error));
            assert!(document.title.is_some(), "{name} has no title");
            for parameter in document.parameters {
                assert!(parameter.default.is_some() && !parameter.description.is_empty(), "{name}: {}", parameter.name);
            }
        }
    }

    #[test]
    fn a_name_that_is_neither_file_nor_report_gets_a_hint() {
        let error = |path: &str| read(path.as_ref()).unwrap_err().to_string();
        assert_eq!(error("tearshet"), "unknown report `tearshet`; did you mean `tearsheet`?");
        assert_eq!(error("no/such.sql"), "cannot read no/such.sql: no such file or directory");
    }
}
