//! What the names in an unfinished statement stand for: relations behind FROM with their aliases, common table
//! expressions, parameters that a strategy declares.

use super::catalog::{Catalog, Function};
use super::keyword::is_keyword;
use super::token::{Kind, Token, tokens};

/// A relation that a statement names.
struct Named<'a, 'c> {
    /// Its alias, else its name.
    name: &'a str,
    columns: Vec<&'c str>,
}

/// The columns of the relations that a statement names, each once; with a qualifier, those of the relation that is called
/// so. Nothing where the statement names none.
pub fn columns(sql: &str, qualifier: Option<&str>, catalog: &Catalog) -> Vec<String> {
    let tokens = tokens(sql);
    let is_meant = |name: &str| qualifier.is_none_or(|qualifier| qualifier.eq_ignore_ascii_case(name));
    let mut found: Vec<String> = vec![];
    for relation in relations(&tokens, catalog).into_iter().filter(|relation| is_meant(relation.name)) {
        for column in relation.columns {
            if !found.iter().any(|known| known == column) {
                found.push(column.to_string());
            }
        }
    }
    found
}

fn relations<'a, 'c>(tokens: &[Token<'a>], catalog: &'c Catalog) -> Vec<Named<'a, 'c>> {
    let mut found = vec![];
    for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Word) {
        let is_called = tokens.get(at + 1).is_some_and(|next| next.is_symbol('('));
        let function = catalog.table_functions.iter().find(|f| is_called && f.name.eq_ignore_ascii_case(token.text));
        let table = catalog.tables.iter().find(|t| {
            let last = t.name.rsplit('.').next().unwrap_or_default();
            !is_called && last.eq_ignore_ascii_case(token.text)
        });
        let (columns, end) = match (function, table) {
            (Some(function), _) => {
                let end = closing(tokens, at + 1);
                (columns_of(function, &tokens[at + 1..end], catalog), end)
            }
            (_, Some(table)) => (table.columns.iter().map(String::as_str).collect(), at + 1),
            _ => continue,
        };
        found.push(Named { name: alias(tokens, end).unwrap_or(token.text), columns });
    }
    found
}

/// The columns of a table function, and of a sweep also the parameters of the strategies that it names.
fn columns_of<'c>(function: &'c Function, arguments: &[Token], catalog: &'c Catalog) -> Vec<&'c str> {
    let mut columns: Vec<&str> = function.columns.iter().map(String::as_str).collect();
    if function.name == "sweep" {
        let named = |strategy: &&Function| {
            let is_builder = catalog.builders.iter().any(|builder| arguments.iter().any(|t| t.is_word(builder)));
            arguments.iter().any(|t| t.is_word(&strategy.name) || t.content().eq_ignore_ascii_case(&strategy.name))
                || (is_builder && strategy.name == DEFAULT_STRATEGY)
        };
        let strategies = catalog.strategies.iter().filter(named);
        columns.extend(strategies.flat_map(|strategy| &strategy.args).map(|arg| arg.name.as_str()));
    }
    columns
}

/// The strategy of a grid that names none.
pub const DEFAULT_STRATEGY: &str = "bb_atr";

/// Position behind the bracket that closes the one at `open`, or the end.
fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "(" => depth += 1,
            ")" if depth == 1 => return at + 1,
            ")" => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

/// The alias at a position: a word that is no keyword, with or without AS.
fn alias<'a>(tokens: &[Token<'a>], at: usize) -> Option<&'a str> {
    let at = if tokens.get(at)?.is_word("AS") { at + 1 } else { at };
    tokens.get(at).filter(|token| token.kind == Kind::Word && !is_keyword(token.text)).map(|token| token.text)
}

/// The names of the common table expressions of a statement.
pub fn common_tables(sql: &str) -> Vec<String> {
    let tokens = tokens(sql);
    let begins = |at: usize| {
        at.checked_sub(1).is_some_and(|before| {
            let before = &tokens[before];
            before.is_word("WITH") || before.is_word("RECURSIVE") || before.is_symbol(',')
        })
    };
    let mut names = vec![];
    for (at, window) in tokens.windows(3).enumerate() {
        if window[0].kind == Kind::Word && window[1].is_word("AS") && window[2].is_symbol('(') && begins(at) {
            names.push(window[0].text.to_string());
        }
    }
    names
}

/// The parameters that `CREATE STRATEGY name (...)` declares; `None` for any other statement.
pub fn declared(sql: &str) -> Option<Vec<String>> {
    let tokens = tokens(sql);
    let strategy = tokens.iter().position(|token| token.is_word("STRATEGY"))?;
    if !tokens.first()?.is_word("CREATE") {
        return None;
    }
    let open = strategy + 2;
    if !tokens.get(open).is_some_and(|token| token.is_symbol('(')) {
        return Some(vec![]);
    }
    let mut names = vec![];
    let mut depth = 0;
    for pair in tokens[open..closing(&tokens, open)].windows(2) {
        match pair[0].text {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 1 && matches!(pair[0].text, "(" | ",") && pair[1].kind == Kind::Word {
            names.push(pair[1].text.to_string());
        }
    }
    Some(names)
}

/// The name in front of `.` at the end of a text: a relation, or the function whose call ends there.
pub fn qualifier(before: &str) -> Option<&str> {
    let tokens = tokens(before);
    let (dot, rest) = tokens.split_last()?;
    let last = rest.last()?;
    if !dot.is_symbol('.') {
        return None;
    }
    if last.kind == Kind::Word {
        return Some(last.text);
    }
    let mut depth = 0;
    for (at, token) in rest.iter().enumerate().rev() {
        match token.text {
            ")" => depth += 1,
            "(" if depth == 1 => return rest.get(at.checked_sub(1)?).filter(|t| t.kind == Kind::Word).map(|t| t.text),
            "(" => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The column that a string at the end of a text is compared with: `symbol = `, `symbol IN (... ,`.
pub fn compared(before: &str) -> Option<&str> {
    let tokens = tokens(before);
    let mut rest = tokens.as_slice();
    while let Some((last, shorter)) = rest.split_last() {
        match last.text {
            "," | "=" | "<" | ">" | "!" | "(" => {}
            _ if last.kind == Kind::Text || last.is_word("IN") || last.is_word("NOT") => {}
            _ => {
                let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
                let is_named_argument = text(rest.len() + 1) == ">" && text(rest.len()) == "=";
                let is_operator = matches!(text(rest.len()).to_uppercase().as_str(), "=" | "<" | "!" | "IN" | "NOT");
                let is_operator = is_operator && !is_named_argument;
                return (last.kind == Kind::Word && is_operator).then_some(last.text);
            }
        }
        rest = shorter;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repl::catalog::{Argument, Relation};

    fn catalog() -> Catalog {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let function = |name: &str, columns: &[&str], args: &[&str]| Function {
            name: name.into(),
            columns: names(columns),
            args: args.iter().map(|arg| Argument { name: arg.to_string(), ..Argument::default() }).collect(),
            ..Function::default()
        };
        Catalog {
            tables: vec![Relation { name: "ohlcv".into(), columns: names(&["ts", "close"]) }],
            table_functions: vec![function("sweep", &["sharpe"], &[]), function("trades", &["pnl"], &[])],
            strategies: vec![function("bb_atr", &[], &["bb_period"]), function("sma_cross", &[], &["fast"])],
            builders: names(&["grid"]),
            ..Catalog::default()
        }
    }

    #[test]
    fn aliases_choose_their_relation() {
        let of = |sql: &str, qualifier| columns(sql, qualifier, &catalog());
        let sql = "SELECT t. FROM trades('A', '1h', sma_cross(fast => (1))) AS t JOIN ohlcv o ON ";
        assert_eq!(of(sql, Some("t")), ["pnl"]);
        assert_eq!(of(sql, Some("o")), ["ts", "close"]);
        assert_eq!(of(sql, Some("x")), Vec::<String>::new());
        assert_eq!(of(sql, None), ["pnl", "ts", "close"]);
        assert_eq!(of("FROM ohlcv WHERE ", Some("ohlcv")), ["ts", "close"]);
        assert_eq!(of("SELECT trades", None), Vec::<String>::new(), "a column may be called so");
    }

    #[test]
    fn a_sweep_has_the_parameters_of_its_strategies() {
        let of = |sql: &str| columns(sql, None, &catalog());
        assert_eq!(of("FROM sweep('A', '1h', sma_cross(fast => [1, 2])) ORDER BY "), ["sharpe", "fast"]);
        assert_eq!(of("FROM sweep('A', '1h', grid(bb_period => [1, 2]))"), ["sharpe", "bb_period"]);
    }

    #[test]
    fn names_that_the_statement_makes() {
        assert_eq!(common_tables("WITH a AS (SELECT 1), b AS (SELECT x AS (y) FROM "), ["a", "b"]);
        assert_eq!(
            declared(
                "CREATE STRATEGY s (period INT DEFAULT 20 CHECK (period > 2) SEARCH (1, 5, 1), z DOUBLE DEFAULT 1) AS"
            ),
            Some(vec!["period".to_string(), "z".into()])
        );
        assert_eq!(declared("CREATE STRATEGY s AS SELECT"), Some(vec![]));
        assert_eq!(declared("SELECT 1"), None);
    }

    #[test]
    fn what_stands_before_the_cursor() {
        assert_eq!(qualifier("SELECT t."), Some("t"));
        assert_eq!(qualifier("SELECT bollinger(close, (20), 2.0)."), Some("bollinger"));
        assert_eq!(qualifier("SELECT t"), None);
        for text in ["WHERE symbol = ", "WHERE symbol <> ", "WHERE symbol IN (", "WHERE symbol NOT IN ('A', "] {
            assert_eq!(compared(text), Some("symbol"), "{text}");
        }
        assert_eq!(compared("bars("), None);
        assert_eq!(compared("SELECT "), None);
        assert_eq!(compared("fill => "), None);
    }
}
