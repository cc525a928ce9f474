//! Hints: the rest of a signature behind the cursor.

use super::catalog::Catalog;
use super::complete::{callee, is_sampler};
use super::place::Place;

/// Columns that a hint takes at most, so that it does not wrap.
const MOST: usize = 56;

/// The arguments that follow in the call at the end of the line, as the signature writes them.
pub fn hint(line: &str, position: usize, catalog: &Catalog) -> Option<String> {
    if position < line.len() {
        return None;
    }
    let place = Place::of(line, position);
    let call = place.call()?;
    if place.in_text || place.in_comment || !place.prefix.is_empty() || !place.is_argument_start() {
        return None;
    }
    let function =
        callee(call, catalog).or_else(|| catalog.functions.iter().find(|f| f.name.eq_ignore_ascii_case(call.name)))?;
    let inner = function.signature.split_once('(')?.1.strip_suffix(')')?;
    let is_given = |part: &str| call.given.iter().any(|given| part.starts_with(&format!("{given} =>")));
    let is_sampler = is_sampler(call.name, catalog);
    let skipped = if call.given.is_empty() && !is_sampler { call.index } else { 0 };
    let points = (is_sampler && call.index == 0).then_some("n");
    let rest = top_level(inner).into_iter().skip(skipped).filter(|part| !is_given(part));
    let rest: Vec<&str> = points.into_iter().chain(rest).collect();
    (!rest.is_empty()).then(|| shortened(&rest))
}

/// As many parts as fit beside a line.
fn shortened(parts: &[&str]) -> String {
    let mut text = String::new();
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            text += ", ";
            if text.len() + part.len() > MOST {
                return text + "…)";
            }
        }
        text += part;
    }
    text + ")"
}

/// The parts between the commas that are in no bracket or string.
fn top_level(text: &str) -> Vec<&str> {
    let mut parts = vec![];
    let (mut depth, mut in_text, mut start) = (0, false, 0);
    for (at, c) in text.char_indices() {
        match c {
            '\'' => in_text = !in_text,
            '(' | '[' if !in_text => depth += 1,
            ')' | ']' if !in_text => depth -= 1,
            ',' if depth == 0 && !in_text => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repl::catalog::Function;

    #[test]
    fn the_rest_of_the_signature_is_shown() {
        let catalog = Catalog {
            strategies: vec![Function {
                name: "s".into(),
                signature: "s(a => 1, b => 'x,y', c => true)".into(),
                ..Function::default()
            }],
            ..Catalog::default()
        };
        let at_end = |line: &str| hint(line, line.len(), &catalog);
        assert_eq!(at_end("s(").as_deref(), Some("a => 1, b => 'x,y', c => true)"));
        assert_eq!(at_end("s(b => 'q', ").as_deref(), Some("a => 1, c => true)"));
        assert_eq!(at_end("s(1, ").as_deref(), Some("b => 'x,y', c => true)"));
        assert_eq!(at_end("s(1"), None);
        assert_eq!(at_end("t("), None);
        assert_eq!(hint("s( )", 2, &catalog), None);
    }
}
