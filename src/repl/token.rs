//! A light reading of SQL for the prompt: good enough to colour a line, to complete it and to find `:variables`, and never
//! an error, because a line under the cursor is rarely valid.

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
        return until(Kind::Comment, 2, "*/");
    }
    if rest.starts_with("$$") {
        return until(Kind::Text, 2, "$$");
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

/// Replaces `:name` by the value of a variable and `:'name'` by the value as a string. A colon that is part of a cast, a
/// slice or a string, and names that are no variables, stay as they are.
pub fn substitute(sql: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let tokens = tokens(sql);
    let mut text = String::with_capacity(sql.len());
    let mut done = 0;
    for (index, pair) in tokens.windows(2).enumerate() {
        let [colon, name] = pair else { continue };
        let after_colon = index > 0 && tokens[index - 1].is_symbol(':') && tokens[index - 1].end() == colon.start;
        if !colon.is_symbol(':') || after_colon || colon.end() != name.start {
            continue;
        }
        let replacement = match name.kind {
            Kind::Word => value(name.text),
            Kind::Text => value(name.content()).map(|value| format!("'{}'", value.replace('\'', "''"))),
            _ => None,
        };
        if let Some(replacement) = replacement {
            text += &sql[done..colon.start];
            text += &replacement;
            done = name.end();
        }
    }
    text + &sql[done..]
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
        let value = |name: &str| (name == "sym").then(|| "BTC'X".to_string());
        assert_eq!(
            substitute("f(:'sym') :sym ::sym ':sym' :other a[1:2]", value),
            "f('BTC''X') BTC'X ::sym ':sym' :other a[1:2]"
        );
    }
}
