//! Where in a statement the cursor stands.

use super::keyword::is_keyword;
use super::token::{Kind, Token, tokens};

/// The place of the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<'a> {
    /// What is typed of the present word or string, without an opening quote.
    pub prefix: &'a str,
    /// Position of its first byte.
    pub start: usize,
    /// Whether it is inside a string.
    pub in_text: bool,
    /// Whether it is inside a comment, where nothing is completed.
    pub in_comment: bool,
    /// The token before it.
    pub before: Option<&'a str>,
    /// The calls around it, outermost first.
    pub calls: Vec<CallPlace<'a>>,
}

/// A place among the arguments of a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CallPlace<'a> {
    /// Name of the function; empty for other brackets.
    pub name: &'a str,
    /// How many arguments are complete.
    pub index: usize,
    /// Name of the present argument, if it is a named one.
    pub named: Option<&'a str>,
    /// Names that are given already.
    pub given: Vec<&'a str>,
    /// Strings among the arguments: the name of the argument or its position, and the string.
    pub texts: Vec<(Option<&'a str>, usize, &'a str)>,
}

impl<'a> Place<'a> {
    /// The place at a position.
    pub fn of(line: &'a str, position: usize) -> Place<'a> {
        let line = &line[..position];
        let mut tokens = tokens(line);
        let mut place =
            Place { prefix: "", start: position, in_text: false, in_comment: false, before: None, calls: vec![] };
        match tokens.last().copied() {
            Some(last) if last.kind == Kind::Comment && (last.is_open || last.end() == position) => {
                place.in_comment = true;
            }
            Some(last) if last.kind == Kind::Text && last.is_open => {
                place.in_text = true;
                place.prefix = last.content();
                place.start = position - place.prefix.len();
                tokens.pop();
            }
            Some(last) if matches!(last.kind, Kind::Word | Kind::Number) && last.end() == position => {
                place.prefix = last.text;
                place.start = last.start;
                tokens.pop();
            }
            _ => {}
        }
        tokens.retain(|token| token.kind != Kind::Comment);
        place.before = tokens.last().map(|token| token.text);
        place.calls = calls(&tokens);
        place
    }

    /// The call that the cursor stands in, if its bracket is the innermost one.
    pub fn call(&self) -> Option<&CallPlace<'a>> {
        self.calls.last().filter(|call| !call.name.is_empty())
    }

    /// The innermost call around the cursor that has a name, with lists in between.
    pub fn outer_call(&self) -> Option<&CallPlace<'a>> {
        self.calls.iter().rev().find(|call| !call.name.is_empty())
    }

    /// Whether an argument begins here.
    pub fn is_argument_start(&self) -> bool {
        matches!(self.before, Some("(" | ","))
    }
}

fn calls<'a>(tokens: &[Token<'a>]) -> Vec<CallPlace<'a>> {
    let mut stack: Vec<CallPlace<'a>> = vec![];
    for (index, token) in tokens.iter().enumerate() {
        let before = index.checked_sub(1).map(|i| &tokens[i]);
        match token.text {
            "(" => {
                let name = before.filter(|t| t.kind == Kind::Word && !is_clause(t.text)).map_or("", |t| t.text);
                stack.push(CallPlace { name, ..CallPlace::default() });
            }
            "[" | "{" => stack.push(CallPlace::default()),
            ")" | "]" | "}" => {
                stack.pop();
            }
            "," => {
                if let Some(call) = stack.last_mut() {
                    call.index += 1;
                    call.named = None;
                }
            }
            ">" if before.is_some_and(|t| t.is_symbol('=')) => {
                let name = index.checked_sub(2).map(|i| &tokens[i]).filter(|t| t.kind == Kind::Word);
                if let (Some(call), Some(name)) = (stack.last_mut(), name) {
                    call.named = Some(name.text);
                    call.given.push(name.text);
                }
            }
            _ => {
                if let (Kind::Text, Some(call)) = (token.kind, stack.last_mut()) {
                    call.texts.push((call.named, call.index, token.content()));
                }
            }
        }
    }
    stack
}

/// Keywords before a bracket that are no function; `range(` is one.
fn is_clause(word: &str) -> bool {
    is_keyword(word) && !word.eq_ignore_ascii_case("range")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_end(line: &str) -> Place<'_> {
        Place::of(line, line.len())
    }

    #[test]
    fn arguments_are_counted_and_named_ones_remembered() {
        let place =
            at_end("SELECT * FROM sweep('A', '15m', bb_atr(bb_period => range(1, 2), entry_z => [1.0, 2.0], atr");
        let call = place.call().unwrap();
        assert_eq!((call.name, call.index, &call.given[..]), ("bb_atr", 2, &["bb_period", "entry_z"][..]));
        assert_eq!((place.prefix, place.is_argument_start()), ("atr", true));
        assert_eq!(place.calls[0].texts, [(None, 0, "A"), (None, 1, "15m")]);
    }

    #[test]
    fn a_value_belongs_to_its_name() {
        let place = at_end("backtest('A', '15m', bb_atr(), fill => '");
        assert_eq!((place.call().unwrap().named, place.in_text), (Some("fill"), true));
        assert_eq!(at_end("f(a => 1, ").call().unwrap().named, None);
    }

    #[test]
    fn lists_and_clauses_are_no_calls() {
        assert_eq!(at_end("bars(['A', '").call(), None);
        assert_eq!(at_end("bars(['A', '").outer_call().unwrap().name, "bars");
        assert_eq!(at_end("WHERE x IN ('").outer_call(), None);
        assert!(at_end("SELECT 1 -- bars('").in_comment);
    }
}
