//! Parses the statement about results.

use datafusion::sql::sqlparser::keywords::Keyword;

use crate::engine::statement::{end, leading_words, parser, syntax, word};
use crate::error::Result;

/// A statement about results.
#[derive(Debug, PartialEq, Eq)]
pub enum ResultStatement {
    /// `DROP RESULT [IF EXISTS] name`
    Drop {
        /// Name, bare or in quotes of either kind.
        name: String,
        /// Whether a missing one is no error.
        if_exists: bool,
    },
}

/// Parses a statement about results; `None` if the text is another statement.
pub fn parse_statement(sql: &str) -> Result<Option<ResultStatement>> {
    if leading_words(sql, 2) != ["DROP", "RESULT"] {
        return Ok(None);
    }
    let mut parser = parser(sql)?;
    word(&mut parser, "drop");
    word(&mut parser, "result");
    let if_exists = parser.parse_keywords(&[Keyword::IF, Keyword::EXISTS]);
    let name = parser.parse_identifier().map_err(syntax)?.value;
    end(&mut parser)?;
    Ok(Some(ResultStatement::Drop { name, if_exists }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_and_all_quotes() {
        let parse = |sql| parse_statement(sql).unwrap();
        let drop = |name: &str, if_exists| Some(ResultStatement::Drop { name: name.into(), if_exists });
        assert_eq!(parse("drop result Nightly;"), drop("Nightly", false));
        assert_eq!(parse("-- c\nDROP RESULT IF EXISTS \"a-b\""), drop("a-b", true));
        assert_eq!(parse("DROP RESULT 'a-b'"), drop("a-b", false));
        assert_eq!(parse("DROP TABLE result"), None);
        assert!(parse_statement("DROP RESULT a b").is_err() && parse_statement("DROP RESULT").is_err());
    }
}
