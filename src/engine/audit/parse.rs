//! Parses `EXPLAIN AUDIT query`.

use datafusion::sql::sqlparser::ast::Statement;

use crate::engine::statement::{end, leading_words, parser, syntax, word};
use crate::error::Result;

/// The query of `EXPLAIN AUDIT query`; `None` if the text is another statement.
///
/// # Errors
/// A syntax error in the query.
pub fn parse_statement(sql: &str) -> Result<Option<Statement>> {
    if leading_words(sql, 2) != ["EXPLAIN", "AUDIT"] {
        return Ok(None);
    }
    let mut parser = parser(sql)?;
    word(&mut parser, "explain");
    word(&mut parser, "audit");
    let query = parser.parse_query().map_err(syntax)?;
    end(&mut parser)?;
    Ok(Some(Statement::Query(query)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_explain_audit_is_taken() {
        let parsed = parse_statement("-- c\nexplain audit SELECT 1;").unwrap().map(|s| s.to_string());
        assert_eq!(parsed.as_deref(), Some("SELECT 1"));
        assert!(parse_statement("EXPLAIN SELECT 1").unwrap().is_none());
        assert!(parse_statement("EXPLAIN AUDIT").is_err() && parse_statement("EXPLAIN AUDIT SELECT 1 SELECT").is_err());
    }
}
