//! An error with its line in the report file.

use crate::error::Error;

/// Result of reading or running a report.
pub type Result<T, E = Fault> = std::result::Result<T, E>;

/// What went wrong, and where.
#[derive(Debug)]
pub struct Fault {
    /// Line in the report file, from 1; 0 if it is none of the file's.
    pub line: usize,
    /// The directive or statement.
    pub text: String,
    /// What went wrong.
    pub error: Box<Error>,
}

impl Fault {
    /// A fault at a line.
    pub fn at(line: usize, text: impl Into<String>, error: Error) -> Self {
        Fault { line, text: text.into(), error: Box::new(error) }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::at(0, "", error)
    }
}
