//! Every file of `raw/`.

use std::path::{Path, PathBuf};

use threadx::engine::import::{ImportOptions, read};
use threadx::engine::timeframe::format_ts;

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { out.extend(files(&path)) } else { out.push(path) }
    }
    out.sort();
    out
}

#[test]
fn explore() {
    let Some(root) = super::shared("raw") else { return };
    for file in files(&root) {
        let mut options = ImportOptions::new([&file]);
        let mut result = read(&options);
        let name = file.strip_prefix(&root).unwrap().display().to_string();
        if result.as_ref().is_err_and(|e| e.to_string().contains("--symbol")) {
            options.symbol = Some("X".into());
            result = read(&options);
        }
        match result {
            Ok(series) => {
                for s in series {
                    let r = &s.report;
                    println!(
                        "{name} | {} | {} | {} | {} | {} | dup {} uns {} | {:?}",
                        s.key,
                        s.bars.len(),
                        format_ts(s.bars.ts[0]),
                        format_ts(*s.bars.ts.last().unwrap()),
                        s.bars.open[0],
                        r.duplicates,
                        r.unsorted,
                        r.notes
                    );
                }
            }
            Err(e) => println!("{name} | ! {}", e.to_string().replace(&root.display().to_string(), "")),
        }
    }
}
