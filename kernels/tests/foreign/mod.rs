//! Comparison with the values that another library published, column by column.
//!
//! Their conventions at the start of a series differ, so an entry says from which row on it is compared. Where they have
//! a value from there on, ours has one too, and the two are the same; rows where they have none are not looked at.

#![allow(dead_code, reason = "not every test needs every adjustment")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use threadx_kernels::indicator::find;

use crate::common::Table;

/// A column of a file and the call that gives it.
#[derive(Clone, Copy)]
pub struct Entry {
    pub file: &'static str,
    pub column: &'static str,
    /// `indicator:inputs:parameters:output`, where the last parameters may be left to their defaults. A call after a `|`
    /// has the result of the one before as column `it`.
    pub call: &'static str,
    from: usize,
    apart: usize,
    times: f64,
    plus: f64,
    within: f64,
}

/// The column of the file is this call.
pub const fn is(file: &'static str, column: &'static str, call: &'static str) -> Entry {
    Entry { file, column, call, from: 0, apart: 0, times: 1.0, plus: 0.0, within: 0.0 }
}

impl Entry {
    /// Compared from this row on: before it the seeds of the two recursions still show.
    pub const fn from(mut self, row: usize) -> Self {
        self.from = row;
        self
    }

    /// So many rows differ, for a reason that the entry gives.
    pub const fn apart(mut self, rows: usize) -> Self {
        self.apart = rows;
        self
    }

    /// Theirs is ours times a constant: a percentage and a fraction, or another divisor.
    pub const fn times(mut self, factor: f64) -> Self {
        self.times = factor;
        self
    }

    /// Theirs is ours plus a constant: a sum with another start.
    pub const fn plus(mut self, offset: f64) -> Self {
        self.plus = offset;
        self
    }

    /// Theirs is printed with so few digits.
    pub const fn within(mut self, difference: f64) -> Self {
        self.within = difference;
        self
    }

    /// The indicators that it calls.
    fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.call.split('|').map(|call| call.trim().split(':').next().unwrap_or_default())
    }

    /// The largest difference, or why the columns are not the same.
    pub fn compare(&self, bars: &mut Table, expected: &[f64]) -> Result<f64, String> {
        let mut got = Vec::new();
        for step in self.call.split('|') {
            got = evaluate(bars, step.trim())?;
            bars.columns.retain(|(name, _)| name != "it");
            bars.columns.push(("it".into(), got.clone()));
        }
        let scale = expected.iter().filter(|x| x.is_finite()).fold(0.0, |a: f64, x| a.max(x.abs()));
        let (mut worst, mut rows): (f64, usize) = (0.0, 0);
        let mut apart = Vec::new();
        for (row, &theirs) in expected.iter().enumerate().skip(self.from).filter(|(_, x)| !x.is_nan()) {
            let Some(ours) = got.get(row).map(|x| x * self.times + self.plus) else { continue };
            let difference = (ours - theirs).abs();
            let allowed = self.within.max(1e-9 * theirs.abs()).max(1e-11 * scale);
            // A missing value of ours is different.
            if difference > allowed || difference.is_nan() {
                apart.push(format!("row {row}: got {ours}, expected {theirs}"));
                continue;
            }
            worst = worst.max(difference);
            rows += 1;
        }
        match apart.first() {
            _ if rows < 10 && apart.is_empty() => Err(format!("only {rows} rows to compare")),
            Some(first) if apart.len() != self.apart => Err(format!("{} of {rows} rows, first {first}", apart.len())),
            None if self.apart > 0 => Err("no row differs any more".into()),
            _ => Ok(worst),
        }
    }
}

/// One call over the columns of a table.
fn evaluate(bars: &Table, call: &str) -> Result<Vec<f64>, String> {
    let parts: Vec<&str> = call.split(':').collect();
    let [name, inputs, params, output] = parts[..] else { panic!("malformed call {call}") };
    let def = find(name).ok_or_else(|| format!("no indicator {name}"))?;
    let inputs: Vec<&[f64]> = inputs.split_whitespace().map(|column| bars.column(column)).collect();
    let given = params.split_whitespace().map(|value| value.parse().expect("a number"));
    let defaults = def.default_params(1.0);
    let params: Vec<f64> =
        given.chain(defaults.values().iter().copied().skip(params.split_whitespace().count())).collect();
    if inputs.len() != def.inputs.len() {
        return Err(format!("{name}() takes {} series", def.inputs.len()));
    }
    let named = def.outputs.iter().position(|o| o.name == output);
    let position =
        if output.is_empty() { 0 } else { named.ok_or_else(|| format!("{name}() has no output {output}"))? };
    def.evaluate(&inputs, &params).map(|mut outputs| outputs.swap_remove(position))
}

/// Where the files of a library are, or `None`, and said so, where they are absent.
pub fn folder(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/golden").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    None
}

/// Compares every entry.
pub fn compare_all(entries: &[Entry], mut load: impl FnMut(&Entry) -> (Table, Vec<f64>)) {
    let mut failures = Vec::new();
    for entry in entries {
        let place = format!("{} {}: {}", entry.file, entry.column, entry.call);
        match entry.names().find(|name| find(name).is_none()) {
            Some(name) => failures.push(format!("{place}: no indicator {name}")),
            None => {
                let (mut bars, expected) = load(entry);
                match entry.compare(&mut bars, &expected) {
                    Ok(worst) => println!("{place}: {worst:.1e}"),
                    Err(why) => failures.push(format!("{place}: {why}")),
                }
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Every column is compared or excused, once, and every excuse is of a column that there is (`*` for a whole file).
pub fn assert_covered(columns: &BTreeSet<(String, String)>, entries: &[Entry], excused: &[(&str, &str, &str)]) {
    let compared: BTreeSet<(&str, &str)> = entries.iter().map(|e| (e.file, e.column)).collect();
    let mut failures = Vec::new();
    for (file, column) in columns {
        let key = (file.as_str(), column.as_str());
        let excuses = excused.iter().filter(|(f, c, _)| *f == file && (*c == "*" || *c == column)).count();
        match (compared.contains(&key), excuses) {
            (false, 0) => failures.push(format!("{file} {column} is not compared")),
            (true, 1..) => failures.push(format!("{file} {column} is compared and excused")),
            (_, 2..) => failures.push(format!("{file} {column} is excused twice")),
            _ => {}
        }
    }
    for (file, column) in compared {
        if !columns.contains(&(file.to_string(), column.to_string())) {
            failures.push(format!("{file} has no column {column}"));
        }
    }
    for (file, column, reason) in excused {
        assert!(reason.ends_with('.'), "{file} {column}: the reason is a sentence");
        if !columns.iter().any(|(f, c)| f == file && (*column == "*" || c == column)) {
            failures.push(format!("{file} {column} is excused, but not there"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
