//! Embeds the folders whose files are their own list: `sql/strategies` and `sql/reports`.

use std::path::Path;
use std::{env, fs};

fn main() {
    embed("sql/strategies", "built_in_strategies.rs", "BUILT_IN");
    embed("sql/reports", "shipped_reports.rs", "SHIPPED");
}

/// Writes a list of `(file name, text)` of every `.sql` file in `folder`, sorted by name.
fn embed(folder: &str, output: &str, name: &str) {
    println!("cargo:rerun-if-changed={folder}");
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let mut files: Vec<_> = fs::read_dir(Path::new(&root).join(folder))
        .unwrap_or_else(|e| panic!("cannot read {folder}: {e}"))
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "sql"))
        .collect();
    files.sort();
    let entries: String = files
        .iter()
        .map(|path| {
            let file = path.file_name().expect("a file has a name").to_string_lossy();
            format!("    ({file:?}, include_str!({path:?})),\n")
        })
        .collect();
    let text = format!("static {name}: &[(&str, &str)] = &[\n{entries}];\n");
    let target = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join(output);
    fs::write(target, text).expect("OUT_DIR is writable");
}
