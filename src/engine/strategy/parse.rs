//! Parses the statements about strategies.

use datafusion::common::ScalarValue;
use datafusion::sql::sqlparser::ast::{Expr as SqlExpr, UnaryOperator, Value};
use datafusion::sql::sqlparser::keywords::Keyword;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::Token;

use super::definition::{ParamType, ParamValue, SearchRange, Strategy, StrategyParam};
use crate::engine::scalar;
use crate::engine::statement::{end, leading_words, parser, syntax, word};
use crate::error::{Error, Result};

/// A statement about strategies.
#[derive(Debug)]
pub enum StrategyStatement {
    /// `CREATE [OR REPLACE] STRATEGY ...`
    Create {
        /// The strategy.
        strategy: Box<Strategy>,
        /// Whether an older one of the same name is replaced.
        or_replace: bool,
    },
    /// `DROP STRATEGY [IF EXISTS] name`
    Drop {
        /// Name.
        name: String,
        /// Whether a missing one is no error.
        if_exists: bool,
    },
    /// `SHOW STRATEGIES`
    Show,
    /// `DESCRIBE STRATEGY name`
    Describe {
        /// Name.
        name: String,
    },
}

/// Parses a statement about strategies; `None` if the text is another statement.
pub fn parse_statement(sql: &str) -> Result<Option<StrategyStatement>> {
    let words: Vec<String> = leading_words(sql, 4);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["CREATE", "STRATEGY", ..] | ["CREATE", "OR", "REPLACE", "STRATEGY"] => Ok(Some(create(sql)?)),
        ["DROP", "STRATEGY", ..] => Ok(Some(drop(sql)?)),
        ["SHOW", "STRATEGIES", ..] => Ok(Some(StrategyStatement::Show)),
        ["DESCRIBE" | "DESC", "STRATEGY", ..] => Ok(Some(describe(sql)?)),
        _ => Ok(None),
    }
}

fn name(parser: &mut Parser) -> Result<String> {
    Ok(parser.parse_identifier().map_err(syntax)?.value.to_lowercase())
}

fn drop(sql: &str) -> Result<StrategyStatement> {
    let mut parser = parser(sql)?;
    word(&mut parser, "drop");
    word(&mut parser, "strategy");
    let if_exists = parser.parse_keywords(&[Keyword::IF, Keyword::EXISTS]);
    let name = name(&mut parser)?;
    end(&mut parser)?;
    Ok(StrategyStatement::Drop { name, if_exists })
}

fn describe(sql: &str) -> Result<StrategyStatement> {
    let mut parser = parser(sql)?;
    parser.next_token();
    word(&mut parser, "strategy");
    let name = name(&mut parser)?;
    end(&mut parser)?;
    Ok(StrategyStatement::Describe { name })
}

fn create(sql: &str) -> Result<StrategyStatement> {
    let mut parser = parser(sql)?;
    word(&mut parser, "create");
    let or_replace = parser.parse_keywords(&[Keyword::OR, Keyword::REPLACE]);
    word(&mut parser, "strategy");
    let name = name(&mut parser)?;
    let (mut params, mut checks): (Vec<StrategyParam>, Vec<SqlExpr>) = (vec![], vec![]);
    if parser.consume_token(&Token::LParen) && !parser.consume_token(&Token::RParen) {
        loop {
            if parser.parse_keyword(Keyword::CHECK) {
                checks.push(parenthesised(&mut parser)?);
            } else {
                let param = parameter(&mut parser, &name)?;
                if params.iter().any(|p| p.name == param.name) {
                    return Err(Error::Strategy {
                        strategy: name,
                        message: format!("parameter `{}` is declared twice", param.name),
                    });
                }
                params.push(param);
            }
            if !parser.consume_token(&Token::Comma) {
                break;
            }
        }
        parser.expect_token(&Token::RParen).map_err(syntax)?;
    }
    let description = comment(&mut parser)?;
    parser.expect_keyword(Keyword::AS).map_err(syntax)?;
    let query = *parser.parse_query().map_err(syntax)?;
    end(&mut parser)?;
    let source = sql.trim().trim_end_matches(';').trim_end().to_string();
    let strategy = Strategy { name, description, params, checks, query, source, built_in: false };
    Ok(StrategyStatement::Create { strategy: Box::new(strategy), or_replace })
}

fn parenthesised(parser: &mut Parser) -> Result<SqlExpr> {
    parser.expect_token(&Token::LParen).map_err(syntax)?;
    let expr = parser.parse_expr().map_err(syntax)?;
    parser.expect_token(&Token::RParen).map_err(syntax)?;
    Ok(expr)
}

fn comment(parser: &mut Parser) -> Result<String> {
    if !parser.parse_keyword(Keyword::COMMENT) {
        return Ok(String::new());
    }
    parser.parse_literal_string().map_err(syntax)
}

fn parameter(parser: &mut Parser, strategy: &str) -> Result<StrategyParam> {
    let name = name(parser)?;
    let error = |message: String| Error::Strategy { strategy: strategy.to_string(), message };
    let written = parser.parse_data_type().map_err(syntax)?.to_string().to_uppercase();
    let ty = match written.as_str() {
        "INT" | "INTEGER" | "BIGINT" | "SMALLINT" => ParamType::Int,
        "DOUBLE" | "DOUBLE PRECISION" | "FLOAT" | "REAL" => ParamType::Double,
        "BOOL" | "BOOLEAN" => ParamType::Bool,
        "TEXT" | "VARCHAR" | "STRING" => ParamType::Text,
        other => {
            return Err(error(format!("parameter `{name}` has type {other}; use INT, DOUBLE, BOOLEAN or TEXT")));
        }
    };
    let (mut default, mut check, mut search, mut description) = (None, None, None, String::new());
    loop {
        if parser.parse_keyword(Keyword::DEFAULT) {
            default = Some(constant(parser, ty, &name, strategy)?);
        } else if parser.parse_keyword(Keyword::CHECK) {
            check = Some(parenthesised(parser)?);
        } else if word(parser, "search") {
            search = Some(search_range(parser, ty, &name, strategy)?);
        } else if parser.peek_keyword(Keyword::COMMENT) {
            description = comment(parser)?;
        } else {
            break;
        }
    }
    let default = default.ok_or_else(|| error(format!("parameter `{name}` needs a DEFAULT")))?;
    Ok(StrategyParam { name, ty, default, check, search, description })
}

fn constant(parser: &mut Parser, ty: ParamType, param: &str, strategy: &str) -> Result<ParamValue> {
    let expr = parser.parse_expr().map_err(syntax)?;
    literal(&expr).as_ref().and_then(|scalar| ty.value(scalar)).ok_or_else(|| Error::Strategy {
        strategy: strategy.to_string(),
        message: format!("parameter `{param}`: `{expr}` is no constant of type {}", ty.name()),
    })
}

fn literal(expr: &SqlExpr) -> Option<ScalarValue> {
    match expr {
        SqlExpr::Value(value) => match &value.value {
            Value::Number(text, _) => match text.parse::<i64>() {
                Ok(number) => Some(ScalarValue::Int64(Some(number))),
                Err(_) => text.parse::<f64>().ok().map(|v| ScalarValue::Float64(Some(v))),
            },
            Value::SingleQuotedString(text) => Some(ScalarValue::Utf8(Some(text.clone()))),
            Value::Boolean(value) => Some(ScalarValue::Boolean(Some(*value))),
            _ => None,
        },
        SqlExpr::UnaryOp { op: UnaryOperator::Minus, expr } => literal(expr)?.arithmetic_negate().ok(),
        SqlExpr::Nested(inner) => literal(inner),
        _ => None,
    }
}

fn search_range(parser: &mut Parser, ty: ParamType, param: &str, strategy: &str) -> Result<SearchRange> {
    let error = |message: &str| Error::Strategy {
        strategy: strategy.to_string(),
        message: format!("parameter `{param}`: {message}"),
    };
    if parser.consume_token(&Token::LBracket) {
        let mut values = vec![constant(parser, ty, param, strategy)?];
        while parser.consume_token(&Token::Comma) {
            values.push(constant(parser, ty, param, strategy)?);
        }
        parser.expect_token(&Token::RBracket).map_err(syntax)?;
        return Ok(SearchRange::Values(values));
    }
    parser.expect_token(&Token::LParen).map_err(syntax)?;
    let mut numbers = vec![];
    loop {
        let expr = parser.parse_expr().map_err(syntax)?;
        let number = literal(&expr).as_ref().and_then(scalar::number);
        numbers.push(number.ok_or_else(|| error("SEARCH (start, stop, step) takes three numbers"))?);
        if !parser.consume_token(&Token::Comma) {
            break;
        }
    }
    parser.expect_token(&Token::RParen).map_err(syntax)?;
    let [start, stop, step] = numbers[..] else {
        return Err(error("SEARCH (start, stop, step) takes three numbers"));
    };
    match ty {
        ParamType::Int if [start, stop, step].iter().any(|v| v.fract() != 0.0) => {
            return Err(error("the SEARCH range of an INT takes whole numbers"));
        }
        ParamType::Bool | ParamType::Text => return Err(error("write SEARCH [value, ...] for this type")),
        _ => {}
    }
    threadx_kernels::search::steps(start, stop, step).map_err(|reason| error(&reason))?;
    Ok(SearchRange::Steps { start, stop, step })
}
