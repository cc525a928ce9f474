//! The shape of the house: which room may know which, rooms without logic in their lists, files that can be read.

use std::fs;
use std::path::{Path, PathBuf};

use threadx_kernels::indicator::INDICATORS;
use threadx_kernels::metric::{COLUMN_ORDER, METRICS};
use threadx_kernels::sim::PRESETS;

use crate::slt::files_below;
use crate::support::repository;

/// The rooms from the inside out: each may use those before it.
const ROOMS: &[&str] = &["error", "engine", "udf", "session", "chart", "report", "repl", "main"];

/// Rooms that are a list of things and nothing else.
const LISTS: &[&str] =
    &["kernels/src/indicator", "kernels/src/metric", "src/repl/command", "src/udf/scalar", "src/udf/table"];

const LONGEST_FILE: usize = 800;

fn rust_files() -> Vec<PathBuf> {
    ["src", "kernels", "tests", "benches"]
        .iter()
        .map(|folder| repository().join(folder))
        .filter(|folder| folder.is_dir())
        .flat_map(|folder| files_below(&folder, "rs"))
        .collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn shown(path: &Path) -> String {
    path.strip_prefix(repository()).unwrap_or(path).display().to_string()
}

fn room_of(name: &str) -> Option<usize> {
    ROOMS.iter().position(|room| *room == name)
}

/// The rooms that a file names behind `crate::`, in `use` lines and in code.
fn rooms_used(text: &str) -> Vec<(usize, &str)> {
    let code = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    code.flat_map(|(number, line)| {
        line.match_indices("crate::").map(move |(at, word)| {
            let rest = &line[at + word.len()..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            (number + 1, &rest[..end])
        })
    })
    .collect()
}

#[test]
fn rooms_use_only_rooms_below_them() {
    let source = repository().join("src");
    let mut wrong = vec![];
    for path in files_below(&source, "rs") {
        let inside = path.strip_prefix(&source).unwrap();
        let room = inside.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_string();
        let Some(own) = room_of(&room) else { continue };
        for (line, used) in rooms_used(&read(&path)) {
            if room_of(used).is_some_and(|used| used > own) {
                wrong.push(format!("{}:{line}: `{room}` must not use `{used}`", shown(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_is_known_here() {
    for entry in fs::read_dir(repository().join("src")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().trim_end_matches(".rs").to_string();
        assert!(name == "lib" || room_of(&name).is_some(), "src/{name} has no place in the order of the rooms");
    }
}

#[test]
fn kernels_know_neither_sql_nor_arrow_nor_files() {
    let manifest = read(&repository().join("kernels/Cargo.toml"));
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap_or("");
    let dependencies = dependencies.split("\n[").next().unwrap_or("");
    for word in ["datafusion", "arrow", "tokio", "threadx ", "cudarc"] {
        assert!(!dependencies.contains(word), "kernels must not depend on {word}");
    }
    for path in files_below(&repository().join("kernels/src"), "rs") {
        for word in ["std::fs", "std::io", "std::net", "std::time", "std::env"] {
            assert!(!read(&path).contains(word), "{} uses {word}", shown(&path));
        }
    }
}

#[test]
fn lists_hold_no_logic() {
    for room in LISTS {
        let path = repository().join(room).join("mod.rs");
        if !path.is_file() {
            continue;
        }
        let text = read(&path);
        for (number, line) in text.lines().enumerate() {
            let word = line.split_whitespace().next().unwrap_or("");
            let logic = ["fn", "impl", "struct", "enum", "trait", "macro_rules!", "if", "match", "let"].contains(&word)
                || line.contains(" fn ");
            assert!(!logic, "{}:{}: a list holds no logic", shown(&path), number + 1);
        }
        let modules: Vec<&str> = text.lines().filter_map(|l| l.strip_prefix("mod ")?.strip_suffix(';')).collect();
        assert!(modules.is_sorted(), "{}: the `mod` lines are not sorted", shown(&path));
    }
}

#[test]
fn files_can_be_read_in_one_sitting() {
    for path in rust_files() {
        let lines = read(&path).lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines, more than {LONGEST_FILE}", shown(&path));
    }
}

#[test]
fn registries_are_sorted_and_hold_each_name_once() {
    let table: Vec<&str> = threadx::udf::table::TABLE_FUNCTIONS.iter().map(|f| f.name).collect();
    let grids: Vec<&str> = threadx::udf::grid_builder::GRID_BUILDERS.iter().map(|b| b.name).collect();
    let indicators: Vec<&str> = INDICATORS.iter().map(|def| def.name).collect();
    let metrics: Vec<&str> = METRICS.iter().map(|m| m.name).collect();
    let presets: Vec<&str> = PRESETS.iter().map(|p| p.name).collect();
    let lists = [
        ("table functions", &table),
        ("grid builders", &grids),
        ("indicators", &indicators),
        ("metrics", &metrics),
        ("presets", &presets),
    ];
    for (what, names) in lists {
        let wrong = names.windows(2).find(|pair| pair[0] >= pair[1]);
        assert!(wrong.is_none(), "{what}: {wrong:?} are not in order");
    }
    let mut columns: Vec<&str> = COLUMN_ORDER.iter().map(|m| m.name).collect();
    columns.sort_unstable();
    assert_eq!(columns, metrics, "COLUMN_ORDER and METRICS hold different metrics");
    let mut words: Vec<&str> = INDICATORS.iter().flat_map(|d| d.aliases.iter().chain([&d.name]).copied()).collect();
    // A metric that is no aggregate is a column, and no function.
    words.extend(METRICS.iter().filter(|metric| metric.aggregate.is_some()).map(|metric| metric.name));
    words.sort_unstable();
    let twice = words.windows(2).find(|pair| pair[0] == pair[1]);
    assert!(twice.is_none(), "{twice:?}: one name for two functions");
}

#[test]
fn sources_name_no_issue_and_no_machine() {
    let folders = ["src", "kernels", "tests", "sql"].map(|f| repository().join(f));
    let own = Path::new(file!()).file_name();
    for extension in ["rs", "sql", "slt", "md"] {
        for path in folders.iter().flat_map(|f| files_below(f, extension)).filter(|p| p.file_name() != own) {
            let text = read(&path);
            for word in ["/home/", "/Users/", "/work/", "TODO", "FIXME"] {
                assert!(!text.contains(word), "{} holds `{word}`", shown(&path));
            }
        }
    }
}
