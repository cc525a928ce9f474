//! A light reading of SQL for the prompt: good enough to colour a line, to complete it and to find `:variables`, and never
//! an error, because a line under the cursor is rarely valid.

use crate::engine::script::{block_comment, dollar_tag};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name or keyword.
    Word,
    /// A name in double quotes.
    Name,
    /// A string in single quotes or dollar quotes.
    Text,
    /// A number.
    Number,
    /// `-- ...` or `/* ... */`.
    Comment,
    /// Any other character.
    Symbol,
}

/// One token; blanks are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// Position of its first byte.
    pub start: usize,
    /// Its text, quotes included.
    pub text: &'a str,
    /// Whether a closing quote or comment end is missing.
    pub is_open: bool,
}

impl<'a> Token<'a> {
    /// Position after its last byte.
    pub fn end(&self) -> usize {
        self.start + self.text.len()
    }

    /// Whether it is this keyword, in any case.
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is this character.
    pub fn is_symbol(&self, symbol: char) -> bool {
        self.kind == Kind::Symbol && self.text.starts_with(symbol)
    }

    /// Whether it is a value, or the end of one, right behind which this colon stands and so belongs to it.
    fn touches(&self, colon: &Token) -> bool {
        let is_value = match self.kind {
            Kind::Symbol => matches!(self.text, ")" | "]" | "}" | ":"),
            Kind::Comment => false,
            _ => true,
        };
        is_value && self.end() == colon.start
    }

    /// The text of a string without its quotes.
    pub fn content(&self) -> &'a str {
        let rest = self.text.strip_prefix('\'').unwrap_or(self.text);
        if self.is_open { rest } else { rest.strip_suffix('\'').unwrap_or(rest) }
    }
}

/// The tokens of a text.
pub fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut found = vec![];
    let mut at = 0;
    while let Some(c) = sql[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let rest = &sql[at..];
        let (kind, length, is_open) = read(rest, c);
        found.push(Token { kind, start: at, text: &rest[..length], is_open });
        at += length;
    }
    found
}

fn read(rest: &str, first: char) -> (Kind, usize, bool) {
    let until = |kind, from: usize, end: &str| match rest[from..].find(end) {
        Some(found) => (kind, from + found + end.len(), false),
        None => (kind, rest.len(), true),
    };
    if rest.starts_with("--") {
        return (Kind::Comment, rest.find('\n').unwrap_or(rest.len()), false);
    }
    if rest.starts_with("/*") {
        let end = block_comment(rest, 0);
        return (Kind::Comment, end.unwrap_or(rest.len()), end.is_none());
    }
    if let Some(tag) = dollar_tag(rest) {
        return until(Kind::Text, tag.len(), tag);
    }
    match first {
        '\'' => until(Kind::Text, 1, "'"),
        '"' => until(Kind::Name, 1, "\""),
        c if c.is_alphabetic() || c == '_' => (Kind::Word, span(rest, |c| c.is_alphanumeric() || c == '_'), false),
        c if c.is_ascii_digit() => (Kind::Number, number(rest), false),
        c => (Kind::Symbol, c.len_utf8(), false),
    }
}

fn span(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// Digits, one point, an exponent with its sign.
fn number(rest: &str) -> usize {
    let mut end = span(rest, |c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
    if rest[..end].ends_with(['e', 'E']) && rest[end..].starts_with(['-', '+']) {
        end += 1 + span(&rest[end + 1..], |c| c.is_ascii_digit());
    }
    end
}

/// A place where a statement uses a variable: `:name`, `:'name'` or `:"name"`.
struct Use<'a> {
    start: usize,
    end: usize,
    name: &'a str,
    /// The quote around the value, if one was asked for.
    quote: Option<char>,
    /// Whether it may as well be the end of a slice, `a[:n]`.
    is_slice: bool,
}

/// The uses of variables. A colon that is part of a string, a comment, a cast `::`, an assignment `:=`, a slice `a[1:n]` or
/// a struct `{'k':v}` is none: those stand right behind a value or in front of a symbol.
fn uses(sql: &str) -> Vec<Use<'_>> {
    let tokens = tokens(sql);
    let mut found = vec![];
    for (index, pair) in tokens.windows(2).enumerate() {
        let [colon, name] = pair else { continue };
        let is_slice = index.checked_sub(1).is_some_and(|before| tokens[before].is_symbol('['));
        let is_free = !index.checked_sub(1).is_some_and(|before| tokens[before].touches(colon));
        if !colon.is_symbol(':') || !is_free || colon.end() != name.start || name.is_open {
            continue;
        }
        let (text, quote) = match name.kind {
            Kind::Word => (name.text, None),
            Kind::Text if name.text.starts_with('\'') => (name.content(), Some('\'')),
            Kind::Name => (&name.text[1..name.text.len() - 1], Some('"')),
            _ => continue,
        };
        if is_variable_name(text) {
            found.push(Use { start: colon.start, end: name.end(), name: text, quote, is_slice });
        }
    }
    found
}

/// Whether a variable may be called so.
pub fn is_variable_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Replaces `:name` by the value of a variable, `:'name'` by the value as a string and `:"name"` by the value as a quoted
/// name. Names that are no variables stay as they are; [`variables`] finds them.
pub fn substitute(sql: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut done = 0;
    for Use { start, end, name, quote, .. } in uses(sql) {
        let Some(value) = value(name) else { continue };
        text += &sql[done..start];
        text += &match quote {
            Some(quote) => format!("{quote}{}{quote}", value.replace(quote, &format!("{quote}{quote}"))),
            None => value,
        };
        done = end;
    }
    text + &sql[done..]
}

/// The names of the variables that a statement needs, in order.
pub fn variables(sql: &str) -> impl Iterator<Item = &str> {
    uses(sql).into_iter().filter(|used| !used.is_slice).map(|used| used.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_an_unfinished_line() {
        let shown: Vec<(Kind, &str, bool)> =
            tokens("SELECT x1, 1.5e-3 -- n\nFROM bars('BT").iter().map(|t| (t.kind, t.text, t.is_open)).collect();
        assert_eq!(
            shown,
            [
                (Kind::Word, "SELECT", false),
                (Kind::Word, "x1", false),
                (Kind::Symbol, ",", false),
                (Kind::Number, "1.5e-3", false),
                (Kind::Comment, "-- n", false),
                (Kind::Word, "FROM", false),
                (Kind::Word, "bars", false),
                (Kind::Symbol, "(", false),
                (Kind::Text, "'BT", true),
            ]
        );
    }

    #[test]
    fn variables_are_replaced_outside_of_strings_and_casts() {
        let value = |name: &str| match name {
            "sym" => Some("BTC'X".to_string()),
            "n" => Some("5".into()),
            "col" => Some("a \"b\"".into()),
            _ => None,
        };
        let same =
            ["::sym", "1::n", "x::sym", "':sym'", "'it''s :sym'", "\":n\"", "a[1:n]", "{'k':n}", "f(x)::n", "y :=n"];
        for text in same {
            assert_eq!(substitute(text, value), text);
        }
        for text in [
            "-- :n\n",
            "/* :n */",
            "/* /* */ :n */",
            "$$ :n $$",
            "$t$ :n $$ $t$",
            ": n",
            ":1",
            ":other",
            "':",
            ":'n",
            ":'not a name'",
        ] {
            assert_eq!(substitute(text, value), text);
        }
        for (text, expected) in [
            ("f(:'sym', :n)", "f('BTC''X', 5)"),
            ("SELECT :\"col\" FROM t", "SELECT \"a \"\"b\"\"\" FROM t"),
            (":n::INT + :n", "5::INT + 5"),
            ("a[:n]", "a[5]"),
            ("x=:n", "x=5"),
            ("/* é */ :n;", "/* é */ 5;"),
        ] {
            assert_eq!(substitute(text, value), expected);
        }
    }

    #[test]
    fn variables_are_named_in_order() {
        let names: Vec<&str> = variables("SELECT :a, ':b', :'c', x::int, :\"d\", l[:e]").collect();
        assert_eq!(names, ["a", "c", "d"]);
    }
}
