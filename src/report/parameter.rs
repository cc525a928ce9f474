//! `@param`: the values that a report is run with.
//!
//! Every parameter has a type, so that what comes from outside can become a value in SQL and nothing else.

use std::collections::BTreeMap;

use datafusion::common::ScalarValue;
use datafusion::sql::sqlparser::ast::Expr as SqlExpr;

use super::fault::{Fault, Result};
use crate::engine::{scalar, statement};
use crate::error::Error;
use crate::session::Engine;

/// Types of parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text; in SQL `:'name'`.
    Text,
    /// A whole number.
    Int,
    /// A finite number.
    Double,
    /// `true` or `false`.
    Boolean,
    /// A date or a time, UTC; in SQL `:'name'`.
    Timestamp,
    /// Texts, `A,B`; in SQL an array.
    Texts,
    /// Numbers, `1,2.5`; in SQL an array.
    Doubles,
    /// The name of a column; in SQL a quoted name.
    Name,
    /// A call such as `sma_cross(fast => 5)` or `grid(...)`.
    Strategy,
}

const KINDS: &[(&str, Kind)] = &[
    ("BOOLEAN", Kind::Boolean),
    ("DOUBLE", Kind::Double),
    ("DOUBLE[]", Kind::Doubles),
    ("INT", Kind::Int),
    ("NAME", Kind::Name),
    ("STRATEGY", Kind::Strategy),
    ("TEXT", Kind::Text),
    ("TEXT[]", Kind::Texts),
    ("TIMESTAMP", Kind::Timestamp),
];

impl Kind {
    /// The names of all types.
    pub fn names() -> impl Iterator<Item = &'static str> {
        KINDS.iter().map(|(name, _)| *name)
    }

    fn parse(text: &str) -> crate::Result<Self> {
        let found = KINDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
        found
            .map(|(_, kind)| *kind)
            .ok_or_else(|| Error::unknown("type", text, "", KINDS.iter().map(|(name, _)| *name)))
    }

    /// The type as a declaration writes it.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Whether SQL has to write `:'name'`.
    fn is_quoted(self) -> bool {
        matches!(self, Kind::Text | Kind::Timestamp)
    }
}

/// A declared parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Line of the declaration.
    pub line: usize,
    /// The name.
    pub name: String,
    /// The type.
    pub kind: Kind,
    /// The default; `None` if a value has to be given.
    pub default: Option<Value>,
    /// The condition of `CHECK`, in which the name stands for the value.
    pub check: Option<String>,
    /// What it means.
    pub description: String,
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// What people read and `:'name'` quotes.
    pub text: String,
    /// The literal in SQL.
    pub sql: String,
}

impl Declared {
    /// Reads what stands behind `@param`.
    ///
    /// # Errors
    /// A missing name or type, an unknown type, a default that is none of its type.
    pub fn parse(line: usize, text: &str) -> crate::Result<Self> {
        const USAGE: &str = "write @param NAME TYPE DEFAULT VALUE DESCRIPTION";
        let (name, rest) = next_word(text);
        if name.is_empty()
            || !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            || !name.chars().all(is_name)
        {
            return Err(Error::argument(format!("`{name}` is no name for a parameter; {USAGE}")));
        }
        let (kind, mut rest) = next_word(rest);
        if kind.is_empty() {
            return Err(Error::argument(format!("parameter `{name}` has no type; {USAGE}")));
        }
        let kind = Kind::parse(kind)?;
        let mut default = None;
        let mut check = None;
        loop {
            let (word, after) = next_word(rest);
            if word.eq_ignore_ascii_case("default") && default.is_none() {
                let end = literal_end(after);
                default = Some(read_default(name, kind, after[..end].trim())?);
                rest = after[end..].trim_start();
            } else if check.is_none()
                && let Some(after) = check_clause(rest)
            {
                let end = closing(after)
                    .ok_or_else(|| Error::argument(format!("the CHECK of parameter `{name}` has no end")))?;
                check = Some(after[1..end].trim().to_string());
                rest = after[end + 1..].trim_start();
            } else {
                break;
            }
        }
        Ok(Declared { line, name: name.to_string(), kind, default, check, description: rest.trim().to_string() })
    }

    /// Reads a value that comes from outside.
    ///
    /// # Errors
    /// A text that is no value of the type.
    pub fn value(&self, text: &str) -> crate::Result<Value> {
        value(self.kind, text).map_err(|wanted| {
            Error::argument(format!("parameter `{}` is {wanted}, got `{}`", self.name, text.escape_debug()))
        })
    }

    /// What a variable of the prompt holds for this default, so that `:name` and `:'name'` mean the same there.
    pub fn variable(&self) -> Option<&str> {
        self.default.as_ref().map(|value| if self.kind.is_quoted() { value.text.as_str() } else { value.sql.as_str() })
    }
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn next_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

/// The bracket behind `CHECK` and what follows.
fn check_clause(text: &str) -> Option<&str> {
    let head = text.get(..5).filter(|head| head.eq_ignore_ascii_case("check"))?;
    text[head.len()..].trim_start().starts_with('(').then(|| text[head.len()..].trim_start())
}

/// Position of the bracket that closes the first one.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Where a literal ends: at the first blank outside of quotes and brackets.
fn literal_end(text: &str) -> usize {
    let (mut depth, mut quoted) = (0i32, false);
    for (at, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth -= 1,
            c if c.is_whitespace() && !quoted && depth <= 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// A default is a literal of SQL.
fn read_default(name: &str, kind: Kind, literal: &str) -> crate::Result<Value> {
    let text = match kind {
        Kind::Text | Kind::Timestamp => unquoted(literal).ok_or_else(|| {
            Error::argument(format!(
                "the default of parameter `{name}` is text: write it in single quotes, got `{literal}`"
            ))
        })?,
        _ => literal.to_string(),
    };
    value(kind, &text)
        .map_err(|wanted| Error::argument(format!("the default of parameter `{name}` is {wanted}, got `{literal}`")))
}

/// The text of a string literal.
fn unquoted(literal: &str) -> Option<String> {
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    (!inner.replace("''", "").contains('\'')).then(|| inner.replace("''", "'"))
}

/// A text as a string literal.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The value, or what is wanted instead.
fn value(kind: Kind, text: &str) -> Result<Value, &'static str> {
    let trimmed = text.trim();
    let plain = |sql: String| Ok(Value { text: sql.clone(), sql });
    match kind {
        Kind::Text if text.contains('\0') => Err("a text without the character NUL"),
        Kind::Text => Ok(Value { text: text.to_string(), sql: quoted(text) }),
        Kind::Int => plain(trimmed.parse::<i64>().map_err(|_| "a whole number")?.to_string()),
        Kind::Double => Ok(Value { text: trimmed.to_string(), sql: number(trimmed).ok_or("a number")? }),
        Kind::Boolean => match trimmed.to_lowercase().as_str() {
            word @ ("true" | "false") => plain(word.to_string()),
            _ => Err("true or false"),
        },
        Kind::Timestamp => {
            const WANTED: &str = "a date or time such as 2024-01-31 or 2024-01-31 09:30";
            scalar::timestamp(&ScalarValue::from(trimmed)).ok_or(WANTED)?;
            Ok(Value { text: trimmed.to_string(), sql: quoted(trimmed) })
        }
        Kind::Texts => {
            let items: Vec<String> = items(trimmed).iter().map(|i| unquoted(i).unwrap_or_else(|| i.clone())).collect();
            if items.iter().any(|item| item.contains('\0')) {
                return Err("a list of texts without the character NUL");
            }
            let list: Vec<String> = items.iter().map(|item| quoted(item)).collect();
            Ok(Value { text: items.join(", "), sql: format!("[{}]", list.join(", ")) })
        }
        Kind::Doubles => {
            let list: Option<Vec<String>> = items(trimmed).iter().map(|item| number(item)).collect();
            let list = list.ok_or("a list of numbers such as 1,2.5")?.join(", ");
            Ok(Value { sql: format!("[{list}]"), text: list })
        }
        Kind::Name if trimmed.is_empty() || trimmed.contains('\0') => Err("the name of a column"),
        Kind::Name => Ok(Value { text: trimmed.to_string(), sql: format!("\"{}\"", trimmed.replace('"', "\"\"")) }),
        Kind::Strategy => plain(call(trimmed).ok_or("a call such as sma_cross(fast => 5)")?),
    }
}

/// A finite number as SQL writes it.
fn number(text: &str) -> Option<String> {
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    let is_plain = text.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c));
    is_plain.then(|| format!("{value:?}"))
}

/// The items of `A,B` or `['A', 'B']`; none for an empty text.
fn items(text: &str) -> Vec<String> {
    let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
    let mut items = vec![String::new()];
    let mut quoted = false;
    for c in inner.chars() {
        quoted ^= c == '\'';
        match (c, items.last_mut()) {
            (',', _) if !quoted => items.push(String::new()),
            (c, Some(item)) => item.push(c),
            (_, None) => {}
        }
    }
    items.iter().map(|item| item.trim().to_string()).filter(|item| !item.is_empty()).collect()
}

/// The text, if it is one call of a function and nothing else.
fn call(text: &str) -> Option<String> {
    let mut parser = statement::parser(text).ok()?;
    let expr = parser.parse_expr().ok()?;
    statement::end(&mut parser).ok()?;
    // As the parser wrote it, so that a comment or a semicolon at the end cannot reach the statement around it.
    matches!(expr, SqlExpr::Function(_)).then(|| expr.to_string())
}

/// The values of one run.
#[derive(Debug, Clone, Default)]
pub struct Parameters {
    values: BTreeMap<String, (Kind, Value)>,
}

impl Parameters {
    /// The given values, and the defaults of the others.
    ///
    /// # Errors
    /// A name that is not declared, a value that is none of its type, a parameter without default and value.
    pub fn resolve(declared: &[Declared], given: &[(String, String)]) -> Result<Self> {
        if let Some((name, _)) = given.iter().find(|(name, _)| declared.iter().all(|d| d.name != *name)) {
            let known = declared.iter().map(|d| d.name.as_str());
            let error = match declared {
                [] => Error::argument(format!("unknown parameter `{name}`; this report has no parameters")),
                _ => Error::unknown("parameter", name, "this report", known),
            };
            return Err(error.into());
        }
        let mut values = BTreeMap::new();
        for declaration in declared {
            // As with settings, the last one counts.
            let given = given.iter().rev().find(|(name, _)| *name == declaration.name);
            let at = |error| Fault::at(declaration.line, format!("-- @param {}", declaration.name), error);
            let value = match (given, &declaration.default) {
                (Some((_, text)), _) => declaration.value(text).map_err(Fault::from)?,
                (None, Some(default)) => default.clone(),
                (None, None) => {
                    let name = &declaration.name;
                    return Err(at(Error::argument(format!("parameter `{name}` needs a value: --set {name}=..."))));
                }
            };
            values.insert(declaration.name.clone(), (declaration.kind, value));
        }
        Ok(Parameters { values })
    }

    /// Holds the values against the conditions of their declarations.
    ///
    /// # Errors
    /// A value that its `CHECK` refuses, or a condition that is no SQL.
    pub async fn check(&self, declared: &[Declared], engine: &Engine) -> Result<()> {
        for declaration in declared {
            let (Some(check), Some((_, value))) = (&declaration.check, self.values.get(&declaration.name)) else {
                continue;
            };
            let name = &declaration.name;
            let line = format!("-- @param {name}");
            let sql = format!("SELECT ({check}) AS ok FROM (SELECT {} AS {name})", value.sql);
            let at = |error| Fault::at(declaration.line, line.clone(), error);
            let frame = engine.sql(&sql).await.map_err(at)?;
            let batches = frame.collect().await.map_err(|e| at(e.into()))?;
            let holds = batches.first().map(super::assert::failure).transpose().map_err(at)?;
            if holds != Some(None) {
                let message = format!("parameter `{name}` must satisfy `{check}`, got {}", value.text);
                return Err(at(Error::argument(message)));
            }
        }
        Ok(())
    }

    /// The text of a parameter.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|(_, value)| value.text.as_str())
    }

    /// Replaces `:name` and `:'name'` in a statement, outside of strings and comments.
    ///
    /// # Errors
    /// `:name` of a parameter that does not exist, or of a text.
    pub fn substitute(&self, line: usize, sql: &str) -> Result<String> {
        let mut text = String::with_capacity(sql.len());
        let mut at = 0;
        while at < sql.len() {
            let Some(reference) = reference(sql, at) else {
                let end = crate::engine::script::skip(sql, at);
                text.push_str(&sql[at..end]);
                at = end;
                continue;
            };
            text.push_str(&self.replacement(&reference).map_err(|error| {
                let line = line + sql[..at].matches('\n').count();
                Fault::at(line, sql.lines().nth(sql[..at].matches('\n').count()).unwrap_or(sql).trim(), error)
            })?);
            at += reference.length;
        }
        Ok(text)
    }

    fn replacement(&self, reference: &Reference<'_>) -> crate::Result<String> {
        let Some((kind, value)) = self.values.get(reference.name) else {
            let known = self.values.keys().map(String::as_str);
            return Err(Error::unknown("parameter", &format!(":{}", reference.name), "", known));
        };
        match (reference.is_quoted, kind.is_quoted()) {
            (true, _) => Ok(quoted(&value.text)),
            (false, false) => Ok(value.sql.clone()),
            (false, true) => {
                let name = reference.name;
                Err(Error::argument(format!("parameter `{name}` is {}: write :'{name}' in SQL", kind.name())))
            }
        }
    }

    /// Replaces `{name}` in a title or text. Other curly brackets stay.
    pub fn fill(&self, text: &str) -> String {
        let mut filled = text.to_string();
        for (name, (_, value)) in &self.values {
            // Values are put in behind a mark that no text has, so that one value cannot name another parameter.
            filled = filled.replace(&format!("{{{name}}}"), &value.text.replace('{', "{\0"));
        }
        filled.replace("{\0", "{")
    }
}

/// `:name` or `:'name'` in a statement.
struct Reference<'a> {
    name: &'a str,
    is_quoted: bool,
    length: usize,
}

/// The reference that begins here. A colon behind another one, a name, a string or a bracket is a cast, a field or a slice.
fn reference(sql: &str, at: usize) -> Option<Reference<'_>> {
    let rest = sql[at..].strip_prefix(':')?;
    let before = sql[..at].chars().next_back();
    if before.is_some_and(|c| is_name(c) || ":'\"])".contains(c)) {
        return None;
    }
    let (is_quoted, body) = rest.strip_prefix('\'').map_or((false, rest), |body| (true, body));
    let end = body.find(|c| !is_name(c)).unwrap_or(body.len());
    let name = &body[..end];
    let is_closed = !is_quoted || body[end..].starts_with('\'');
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') || !is_closed {
        return None;
    }
    Some(Reference { name, is_quoted, length: 1 + end + if is_quoted { 2 } else { 0 } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(text: &str) -> Declared {
        Declared::parse(1, text).unwrap()
    }

    fn resolved(declarations: &[&str], given: &[(&str, &str)]) -> Result<Parameters> {
        let declared: Vec<Declared> = declarations.iter().map(|text| declared(text)).collect();
        let given: Vec<(String, String)> = given.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
        Parameters::resolve(&declared, &given)
    }

    #[test]
    fn declarations_have_all_their_parts() {
        let one = declared("fast INT DEFAULT 10 CHECK (fast >= 1 AND fast < 9) Bars of the (fast) average");
        assert_eq!((one.name.as_str(), one.kind, one.default.unwrap().sql.as_str()), ("fast", Kind::Int, "10"));
        assert_eq!(one.check.as_deref(), Some("fast >= 1 AND fast < 9"));
        assert_eq!(one.description, "Bars of the (fast) average");
        let two = declared("s TEXT[] DEFAULT ['A', 'B C'] Symbols");
        assert_eq!((two.default.unwrap().sql.as_str(), two.description.as_str()), ("['A', 'B C']", "Symbols"));
        let three = declared("t strategy DEFAULT sma_cross(fast => 5, slow => [10, 20])");
        assert_eq!(three.default.unwrap().sql, "sma_cross(fast => 5, slow => [10, 20])");
        assert_eq!(declared("x DOUBLE").default, None);
    }

    #[test]
    fn wrong_declarations_say_what_is_wrong() {
        let error = |text: &str| Declared::parse(1, text).unwrap_err().to_string();
        assert_eq!(error("a"), "parameter `a` has no type; write @param NAME TYPE DEFAULT VALUE DESCRIPTION");
        assert_eq!(error("a INTT"), "unknown type `INTT`; did you mean `INT`?");
        assert_eq!(error("a INT DEFAULT x"), "the default of parameter `a` is a whole number, got `x`");
        assert_eq!(
            error("a TEXT DEFAULT x"),
            "the default of parameter `a` is text: write it in single quotes, got `x`"
        );
    }

    #[test]
    fn values_from_outside_are_values_and_nothing_else() {
        let text =
            |declaration: &str, text: &str| declared(declaration).value(text).map(|v| v.sql).map_err(|e| e.to_string());
        assert_eq!(text("s TEXT", "x'); DROP TABLE t; --").unwrap(), "'x''); DROP TABLE t; --'");
        assert_eq!(text("s TEXT[]", "A, B'x").unwrap(), "['A', 'B''x']");
        assert_eq!(text("n DOUBLE", "1e-3").unwrap(), "0.001");
        assert_eq!(text("n DOUBLE", "inf").unwrap_err(), "parameter `n` is a number, got `inf`");
        assert_eq!(text("n INT", "1; SELECT 2").unwrap_err(), "parameter `n` is a whole number, got `1; SELECT 2`");
        assert_eq!(text("c STRATEGY", "sma_cross(fast=>5) -- x").unwrap(), "sma_cross(fast => 5)");
        assert!(text("c STRATEGY", "sma_cross()); DROP TABLE t").is_err() && text("c STRATEGY", "1 + 1").is_err());
        assert!(text("t TIMESTAMP", "2024-01-31 09:30").is_ok() && text("t TIMESTAMP", "soon").is_err());
        assert_eq!(text("b BOOLEAN", "TRUE").unwrap(), "true");
        assert_eq!(text("n NAME", "a\"; DROP").unwrap(), "\"a\"\"; DROP\"");
    }

    #[test]
    fn statements_get_their_values_outside_of_strings() {
        let parameters = resolved(&["symbol TEXT DEFAULT 'a''b'", "n INT DEFAULT 3"], &[("n", "5")]).unwrap();
        let text = parameters.substitute(1, "f(:'symbol', n => :n) ::n ':n' -- :n\n x[1:n] {'a':n}").unwrap();
        assert_eq!(text, "f('a''b', n => 5) ::n ':n' -- :n\n x[1:n] {'a':n}");
        assert_eq!(parameters.fill("{symbol} {n} {x}"), "a'b 5 {x}");
        let fault = parameters.substitute(10, "SELECT\n :symbl").unwrap_err();
        assert_eq!(
            (fault.line, fault.error.to_string()),
            (11, "unknown parameter `:symbl`; did you mean `symbol`?".into())
        );
        let fault = parameters.substitute(1, "SELECT :symbol").unwrap_err();
        assert_eq!(fault.error.to_string(), "parameter `symbol` is TEXT: write :'symbol' in SQL");
    }

    #[test]
    fn names_that_are_not_declared_and_values_that_are_missing_are_faults() {
        let error = |fault: Fault| (fault.line, fault.error.to_string());
        let unknown = resolved(&["symbol TEXT DEFAULT 'A'"], &[("symbl", "B")]).unwrap_err();
        assert_eq!(error(unknown), (0, "unknown parameter `symbl` of this report; did you mean `symbol`?".into()));
        let missing = resolved(&["n INT"], &[]).unwrap_err();
        assert_eq!(error(missing), (1, "parameter `n` needs a value: --set n=...".into()));
        let one_in_another = resolved(&["a TEXT DEFAULT '{b}'", "b TEXT DEFAULT 'x'"], &[]).unwrap();
        assert_eq!(one_in_another.fill("{a} {b}"), "{b} x");
    }
}
