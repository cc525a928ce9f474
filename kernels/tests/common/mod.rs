//! Expected values from CSV files and their comparison.

use std::path::Path;

use threadx_kernels::indicator::find;

/// Columns of numbers by name; an empty cell is `NaN`, and so is one that is not a number.
pub struct Table {
    pub columns: Vec<(String, Vec<f64>)>,
}

impl Table {
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut lines = text.lines();
        let header = lines.next().expect("a header");
        let mut columns: Vec<_> = header.split(',').map(|name| (name.to_string(), Vec::new())).collect();
        for line in lines {
            let cells = line.split(',').map(|cell| cell.parse().unwrap_or(f64::NAN));
            columns.iter_mut().zip(cells).for_each(|((_, column), cell)| column.push(cell));
        }
        Table { columns }
    }

    pub fn column(&self, name: &str) -> &[f64] {
        let found = self.columns.iter().find(|(column, _)| column == name);
        &found.unwrap_or_else(|| panic!("no column {name}")).1
    }
}

/// Evaluates `indicator:inputs:parameters:output`, perhaps followed by more, over the columns of a table.
pub fn call(bars: &Table, call: &str) -> Vec<f64> {
    let parts: Vec<&str> = call.split(':').collect();
    let [name, inputs, params, output, ..] = parts[..] else { panic!("malformed call {call}") };
    let def = find(name).unwrap_or_else(|| panic!("no indicator {name}"));
    let inputs: Vec<&[f64]> = inputs.split_whitespace().map(|column| bars.column(column)).collect();
    let params: Vec<f64> = params.split_whitespace().map(|value| value.parse().expect("a number")).collect();
    let position = def.outputs.iter().position(|o| o.name == output).unwrap_or(0);
    let mut outputs = def.evaluate(&inputs, &params).unwrap_or_else(|e| panic!("{call}: {e}"));
    outputs.swap_remove(position)
}

/// Largest relative error, or the first row where the values differ by more than `1e-9` of the larger one.
///
/// Differences below `1e-12` of the largest value of `terms` pass: there one of the two is the rounding error of a
/// number that should be zero. For the same reason the reported error is relative to at least `1e-6` of that value.
/// `terms` is what the value is made of: the expected column, or the prices where those cancel out.
pub fn compare(got: &[f64], expected: &[f64], terms: &[f64]) -> Result<f64, String> {
    assert_eq!(got.len(), expected.len());
    let scale = terms.iter().filter(|x| x.is_finite()).fold(0.0, |a: f64, x| a.max(x.abs()));
    let mut worst: f64 = 0.0;
    for (row, (&a, &b)) in got.iter().zip(expected).enumerate() {
        let (difference, larger) = ((a - b).abs(), a.abs().max(b.abs()));
        if a.is_nan() != b.is_nan() || (difference > 1e-9 * larger && difference > 1e-12 * scale) {
            return Err(format!("row {row}: got {a}, expected {b}"));
        }
        if difference > 0.0 {
            worst = worst.max(difference / larger.max(1e-6 * scale));
        }
    }
    Ok(worst)
}
