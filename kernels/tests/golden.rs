//! Indicators against values from TA-Lib, pandas and written-out definitions (`tests/golden/indicator`).

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use common::{Table, call, compare};
use threadx_kernels::indicator::{INDICATORS, find};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/indicator")
}

fn bars() -> Table {
    Table::read(&folder().join("bars.csv"))
}

/// The columns of every file of expected values.
fn expected() -> Vec<(String, Vec<f64>)> {
    let files = std::fs::read_dir(folder().join("expected")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|e| e == "csv")).collect();
    files.sort();
    files.iter().flat_map(|path| Table::read(path).columns).collect()
}

#[test]
fn expected_values() {
    let bars = bars();
    let mut failures = Vec::new();
    for (name, values) in &expected() {
        let terms = name.split(':').nth(4).map_or(values.as_slice(), |column| bars.column(column));
        match compare(&call(&bars, name), values, terms) {
            Ok(worst) => println!("{name}: {worst:.1e}"),
            Err(why) => failures.push(format!("{name}: {why}")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_output_of_every_indicator_has_expected_values() {
    let expected = expected();
    let mut tested = BTreeSet::new();
    for (name, _) in &expected {
        let parts: Vec<&str> = name.split(':').collect();
        let def = find(parts[0]).unwrap_or_else(|| panic!("no indicator {}", parts[0]));
        let output = if parts[3].is_empty() { def.outputs[0].name } else { parts[3] };
        assert!(def.outputs.iter().any(|o| o.name == output), "{name}: no such output");
        tested.insert((def.name, output));
    }
    for def in INDICATORS {
        for output in def.outputs {
            assert!(tested.contains(&(def.name, output.name)), "{}.{} has no expected values", def.name, output.name);
        }
    }
}

#[test]
fn pandas_ewm_mean_is_equal_bit_for_bit() {
    let (bars, expected) = (bars(), expected());
    for name in ["ewma:close:20:", "ewma:gappy:20:"] {
        let column = expected.iter().find(|(column, _)| column == name).unwrap();
        let pairs = call(&bars, name).into_iter().zip(&column.1);
        assert!(pairs.into_iter().all(|(a, b)| a == *b || (a.is_nan() && b.is_nan())), "{name}");
    }
}
