//! The table functions, one file each. To add one: a file here, a `mod` line and a registry line, both sorted.

mod def;
mod indicators;
mod settings;
mod table_functions;

pub use def::*;

/// Every table function, sorted by name.
pub static TABLE_FUNCTIONS: &[&TableFunction] = &[&indicators::DEF, &settings::DEF, &table_functions::DEF];
