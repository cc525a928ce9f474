//! CSV files whose cells are text or numbers.

use std::collections::HashMap;
use std::path::Path;

/// A line of a file: its cells by column name.
pub struct Line(HashMap<String, String>);

/// The lines of a file. No cell has a comma in it.
pub fn read(path: &Path) -> Vec<Line> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let cells =
        |line: &str| header.iter().map(|name| name.to_string()).zip(line.split(',').map(String::from)).collect();
    lines.map(|line| Line(cells(line))).collect()
}

impl Line {
    pub fn text(&self, column: &str) -> &str {
        self.0.get(column).unwrap_or_else(|| panic!("no column {column}"))
    }

    /// `None` if the cell is empty.
    pub fn number(&self, column: &str) -> Option<f64> {
        let text = self.text(column);
        (!text.is_empty()).then(|| text.parse().unwrap_or_else(|_| panic!("{column}: {text} is not a number")))
    }

    pub fn index(&self, column: &str) -> usize {
        self.text(column).parse().unwrap_or_else(|_| panic!("{column}: {} is not an index", self.text(column)))
    }

    pub fn is_set(&self, column: &str) -> bool {
        ["1", "True"].contains(&self.text(column))
    }
}
