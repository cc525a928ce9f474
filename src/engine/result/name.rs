//! What a result may be called.

use std::fmt;
use std::sync::Arc;

use crate::error::{Error, Result};

/// Most characters of a name.
const MAX_LEN: usize = 64;

/// A checked name: lower case, made of letters, digits, `_` and `-`, so that it is a directory below the results and nowhere
/// else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResultName(Arc<str>);

impl ResultName {
    /// Checks a name and turns it to lower case.
    ///
    /// # Errors
    /// An empty or overlong name, or one with a character that is not allowed; the text says which.
    pub fn parse(text: &str) -> Result<Self> {
        let lower = text.trim().to_ascii_lowercase();
        let fault = if lower.is_empty() {
            "a name cannot be empty".to_string()
        } else if lower.chars().count() > MAX_LEN {
            format!("a name has at most {MAX_LEN} characters, this one has {}", lower.chars().count())
        } else if let Some(bad) = lower.chars().find(|c| !(c.is_ascii_alphanumeric() || "_-".contains(*c))) {
            format!("`{}` is not allowed in a name, only letters, digits, _ and -", bad.escape_default())
        } else if !lower.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            "a name begins with a letter or digit".to_string()
        } else {
            return Ok(Self(lower.into()));
        };
        Err(Error::argument(format!("bad result name `{}`: {fault}", text.trim().escape_debug())))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ResultName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_lower_case_and_stay_below_the_results() {
        for good in ["nightly", "Run-2024_01", "7", " a "] {
            assert_eq!(ResultName::parse(good).unwrap().as_str(), good.trim().to_lowercase());
        }
        let long = "a".repeat(65);
        for bad in ["", " ", ".", "..", "../x", "a/b", "a\\b", "a.b", "_a", "-a", "a b", "a\0", "ä", "c:", &long] {
            assert!(ResultName::parse(bad).is_err(), "{bad:?}");
        }
        let text = ResultName::parse("a/b").unwrap_err().to_string();
        assert_eq!(text, "bad result name `a/b`: `/` is not allowed in a name, only letters, digits, _ and -");
    }
}
