//! `\report`: runs a report file.

use std::path::Path;

use super::{Command, Flow};
use crate::error::{Error, Result};
use crate::repl::report::Order;

pub(super) static DEF: Command = Command {
    name: "report",
    usage: "\\report FILE [NAME=VALUE ...] [> PLACE]",
    summary: "Runs a report into NAME.html, NAME.md or FOLDER/, or shows it as Markdown; a value with blanks stands in quotes.",
    run: |shell, argument| {
        Box::pin(async move {
            let Call { file, given, place } = Call::read(argument)?;
            let mut order = Order::read(Path::new(&file), place.as_deref().map(Path::new))?;
            order.given = given;
            order.run(&shell.engine).await?;
            Ok(Flow::Continue)
        })
    },
};

/// What the command is given.
#[derive(Debug, PartialEq, Eq)]
struct Call {
    file: String,
    given: Vec<(String, String)>,
    place: Option<String>,
}

impl Call {
    fn read(text: &str) -> Result<Self> {
        let mut words = words(text)?.into_iter();
        let file = words.next().filter(|word| word != ">").ok_or_else(|| {
            let shipped: Vec<&str> = crate::report::shipped::names().collect();
            Error::argument(format!("\\report needs a file, or one of {}", shipped.join(", ")))
        })?;
        let (mut given, mut place) = (vec![], None);
        while let Some(word) = words.next() {
            if let Some(rest) = word.strip_prefix('>') {
                let rest = if rest.is_empty() { words.next() } else { Some(rest.to_string()) };
                place = Some(rest.ok_or_else(|| Error::argument("\\report: `>` needs a place behind it"))?);
                if let Some(more) = words.next() {
                    return Err(Error::argument(format!("\\report: `{more}` follows the place; write it before `>`")));
                }
            } else {
                let pair = word.split_once('=').map(|(name, value)| (name.to_string(), value.to_string()));
                given.push(pair.ok_or_else(|| Error::argument(format!("\\report takes NAME=VALUE, got `{word}`")))?);
            }
        }
        Ok(Call { file, given, place })
    }
}

/// Words between blanks; quotes of either kind hold blanks, and `=>` inside of brackets begins no place.
fn words(text: &str) -> Result<Vec<String>> {
    let mut words = vec![];
    let mut word = String::new();
    let mut is_word = false;
    let mut quote = None;
    for c in text.chars() {
        match quote {
            Some(end) if c == end => quote = None,
            Some(_) => word.push(c),
            None if c == '\'' || c == '"' => {
                quote = Some(c);
                is_word = true;
            }
            None if c.is_whitespace() => {
                if is_word {
                    words.push(std::mem::take(&mut word));
                }
                is_word = false;
            }
            None => {
                word.push(c);
                is_word = true;
            }
        }
    }
    if quote.is_some() {
        return Err(Error::argument("\\report: a quote is not closed"));
    }
    if is_word {
        words.push(word);
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_a_file_values_and_a_place() {
        let call = Call::read("t.sql symbol=A strategy='sma_cross(fast => 5)' > 'my report.html'").unwrap();
        let pair = |a: &str, b: &str| (a.to_string(), b.to_string());
        assert_eq!(
            call,
            Call {
                file: "t.sql".into(),
                given: vec![pair("symbol", "A"), pair("strategy", "sma_cross(fast => 5)")],
                place: Some("my report.html".into()),
            }
        );
        assert_eq!(Call::read("t.sql >out/").unwrap().place.as_deref(), Some("out/"));
        let error = |text: &str| Call::read(text).unwrap_err().to_string();
        assert_eq!(error("t.sql x"), "\\report takes NAME=VALUE, got `x`");
        assert_eq!(error("t.sql >"), "\\report: `>` needs a place behind it");
        assert_eq!(error("t.sql > a b=1"), "\\report: `b=1` follows the place; write it before `>`");
        assert_eq!(error("t.sql a='"), "\\report: a quote is not closed");
    }
}
