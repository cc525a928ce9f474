//! Colours of a line at the prompt.

use super::keyword::is_keyword;
use super::token::{Kind, tokens};

const KEYWORD: &str = "\x1b[1m";
const CALL: &str = "\x1b[34m";
const TEXT: &str = "\x1b[32m";
const NUMBER: &str = "\x1b[36m";
const COMMENT: &str = "\x1b[2m";
const FAILURE: &str = "\x1b[1;31m";
const RESET: &str = "\x1b[0m";

/// Whether colours may be used on a terminal: not if `NO_COLOR` is set, nor on one that knows none.
pub fn is_wanted() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// The line with keywords, strings, numbers and comments coloured. Its visible text is unchanged.
pub fn highlight(line: &str) -> String {
    let mut text = String::with_capacity(line.len() * 2);
    let mut done = 0;
    let tokens = tokens(line);
    for (index, token) in tokens.iter().enumerate() {
        let is_called = tokens.get(index + 1).is_some_and(|next| next.is_symbol('(') && next.start == token.end());
        let colour = match token.kind {
            Kind::Word if is_keyword(token.text) => KEYWORD,
            Kind::Word if is_called => CALL,
            Kind::Text => TEXT,
            Kind::Number => NUMBER,
            Kind::Comment => COMMENT,
            _ => continue,
        };
        text += &line[done..token.start];
        text += colour;
        text += token.text;
        text += RESET;
        done = token.end();
    }
    text + &line[done..]
}

/// Text that is not part of the line.
pub fn dim(text: &str) -> String {
    format!("{COMMENT}{text}{RESET}")
}

/// A report of a failure with its code coloured.
pub fn failure(report: &str) -> String {
    match report.split_once(':') {
        Some((code, rest)) if code.starts_with("error[") => format!("{FAILURE}{code}:{RESET}{rest}"),
        _ => report.to_string(),
    }
}

/// A name above a column.
pub fn bold(text: &str) -> String {
    format!("{KEYWORD}{text}{RESET}")
}

/// The prompt.
pub fn prompt(text: &str) -> String {
    format!("\x1b[1;34m{text}{RESET}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_visible_text_stays() {
        let line = "SELECT x, 'a' FROM t -- c\nWHERE f(n) > 1.5";
        let coloured = highlight(line);
        assert!(coloured.starts_with("\x1b[1mSELECT\x1b[0m x, \x1b[32m'a'\x1b[0m"));
        let plain =
            [KEYWORD, CALL, TEXT, NUMBER, COMMENT, RESET].iter().fold(coloured, |text, code| text.replace(code, ""));
        assert_eq!(plain, line);
    }
}
