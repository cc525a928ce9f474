//! Completion of paths.

use std::path::{MAIN_SEPARATOR, Path};

use super::complete::{Candidate, PathPlace};

/// The files and folders whose paths begin as typed, sorted; hidden ones only where the dot is typed. A file in a string
/// gets the closing quote.
pub fn paths(place: &PathPlace) -> Vec<Candidate> {
    let (folder, name) = match place.prefix.rfind(std::path::is_separator) {
        Some(at) => place.prefix.split_at(at + 1),
        None => ("", place.prefix),
    };
    let Ok(entries) = std::fs::read_dir(if folder.is_empty() { Path::new(".") } else { Path::new(folder) }) else {
        return vec![];
    };
    let mut found: Vec<Candidate> = entries
        .flatten()
        .filter_map(|entry| {
            let own = entry.file_name().into_string().ok()?;
            let is_meant = own.starts_with(name) && (!own.starts_with('.') || name.starts_with('.'));
            let is_folder = entry.path().is_dir();
            let shown = if is_folder { format!("{own}{MAIN_SEPARATOR}") } else { own };
            let end = if place.in_text && !is_folder { "'" } else { "" };
            is_meant.then(|| Candidate { replacement: format!("{folder}{shown}{end}"), display: shown })
        })
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_folders_are_offered() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("bars")).unwrap();
        for name in ["b.csv", "a.csv", ".hidden"] {
            std::fs::write(dir.path().join(name), "").unwrap();
        }
        let offers = |name: &str, in_text| {
            let prefix = format!("{}{MAIN_SEPARATOR}{name}", dir.path().display());
            let found = paths(&PathPlace { prefix: &prefix, start: 0, in_text });
            found.into_iter().map(|c| c.replacement[prefix.len() - name.len()..].to_string()).collect::<Vec<_>>()
        };
        assert_eq!(offers("", false), ["a.csv", "b.csv", &format!("bars{MAIN_SEPARATOR}")]);
        assert_eq!(offers("b", true), ["b.csv'", &format!("bars{MAIN_SEPARATOR}")]);
        assert_eq!(offers(".h", true), [".hidden'"]);
        assert_eq!(offers("x/y", true), Vec::<String>::new());
    }
}
