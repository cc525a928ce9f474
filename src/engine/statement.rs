//! What the parsers of our own statements share.

use datafusion::sql::sqlparser::dialect::DuckDbDialect;
use datafusion::sql::sqlparser::parser::{Parser, ParserError};
use datafusion::sql::sqlparser::tokenizer::Token;

use crate::error::{Error, Result};

/// The first words of a statement in upper case.
pub(crate) fn leading_words(sql: &str, most: usize) -> Vec<String> {
    let Some(piece) = crate::engine::script::split(sql).into_iter().next() else { return vec![] };
    piece
        .text
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|w| !w.is_empty())
        .take(most)
        .map(str::to_uppercase)
        .collect()
}

/// A parser over a statement in the dialect of the engine.
pub(crate) fn parser(sql: &str) -> Result<Parser<'static>> {
    Parser::new(&DuckDbDialect {}).try_with_sql(sql).map_err(syntax)
}

/// A syntax error in one sentence.
pub(crate) fn syntax(error: ParserError) -> Error {
    let text = match error {
        ParserError::TokenizerError(text) | ParserError::ParserError(text) => text,
        ParserError::RecursionLimitExceeded => "the statement is nested too deeply".into(),
    };
    Error::Sql(format!("syntax error: {text}"))
}

/// Takes an unquoted word that the parser has no keyword for, if it comes next.
pub(crate) fn word(parser: &mut Parser, expected: &str) -> bool {
    match &parser.peek_token().token {
        Token::Word(found) if found.quote_style.is_none() && found.value.eq_ignore_ascii_case(expected) => {
            parser.next_token();
            true
        }
        _ => false,
    }
}

/// Refuses what follows the statement.
pub(crate) fn end(parser: &mut Parser) -> Result<()> {
    let _ = parser.consume_token(&Token::SemiColon);
    match parser.peek_token().token {
        Token::EOF => Ok(()),
        _ => parser.expected("the end of the statement", parser.peek_token()).map_err(syntax),
    }
}
