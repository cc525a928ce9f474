//! Indicators against values from TA-Lib, pandas and written-out definitions (`tests/golden/indicator/make.py`).

mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::{Table, call, compare};
use threadx_kernels::indicator::INDICATORS;

fn golden(file: &str) -> Table {
    Table::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/indicator").join(file))
}

#[test]
fn expected_values() {
    let (bars, expected) = (golden("bars.csv"), golden("expected.csv"));
    let mut failures = Vec::new();
    for (name, values) in &expected.columns {
        // TA-Lib takes the slope from a difference of large sums of prices.
        let terms = if name.starts_with("slope:") { bars.column("close") } else { values };
        match compare(&call(&bars, name), values, terms) {
            Ok(worst) => println!("{name}: {worst:.1e}"),
            Err(why) => failures.push(format!("{name}: {why}")),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_indicator_has_expected_values() {
    let expected = golden("expected.csv");
    let tested: BTreeSet<&str> = expected.columns.iter().filter_map(|(name, _)| name.split(':').next()).collect();
    for def in INDICATORS {
        assert!(tested.contains(def.name), "{} has no column in expected.csv", def.name);
    }
}

#[test]
fn pandas_ewm_mean_is_equal_bit_for_bit() {
    let (bars, expected) = (golden("bars.csv"), golden("expected.csv"));
    for name in ["ewma:close:20:", "ewma:gappy:20:"] {
        let pairs = call(&bars, name).into_iter().zip(expected.column(name));
        assert!(pairs.into_iter().all(|(a, b)| a == *b || (a.is_nan() && b.is_nan())), "{name}");
    }
}
