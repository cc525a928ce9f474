//! `sql/reference.md` says what the registries say.

use std::fs;

use crate::support::repository;

#[test]
fn the_reference_is_up_to_date() {
    let path = repository().join("sql/reference.md");
    let generated = threadx::udf::reference::markdown().unwrap();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &generated).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let differs = generated.lines().zip(written.lines()).position(|(a, b)| a != b);
    let line = differs.unwrap_or(generated.lines().count().min(written.lines().count())) + 1;
    assert!(
        written == generated,
        "sql/reference.md differs from the registries at line {line}; `BLESS=1 cargo test --test it reference` writes it"
    );
}
