//! The text of `@text`: paragraphs and lists, with `code` and **strong** words.

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prose {
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A list of items that begin with `- `.
    List(Vec<Vec<Span>>),
}

/// Words of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Ordinary words.
    Plain(String),
    /// Words that stand out.
    Strong(String),
    /// A name or a piece of SQL.
    Code(String),
}

/// Reads a text.
pub fn parse(text: &str) -> Vec<Prose> {
    let mut all = vec![];
    for part in text.split("\n\n") {
        let mut words = String::new();
        let mut list: Vec<String> = vec![];
        for line in part.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match (line.strip_prefix("- "), list.last_mut()) {
                (Some(item), _) => list.push(item.to_string()),
                (None, Some(item)) => *item += &format!(" {line}"),
                (None, None) if words.is_empty() => words.push_str(line),
                (None, None) => words += &format!(" {line}"),
            }
        }
        if !words.is_empty() {
            all.push(Prose::Paragraph(spans(&words)));
        }
        if !list.is_empty() {
            all.push(Prose::List(list.iter().map(|item| spans(item)).collect()));
        }
    }
    all
}

fn spans(text: &str) -> Vec<Span> {
    let mut found = vec![];
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let marked = ["**", "`"].iter().find_map(|mark| {
            let inner = rest.strip_prefix(mark)?;
            let end = inner.find(mark).filter(|end| *end > 0)?;
            Some((*mark, &inner[..end], &inner[end + mark.len()..]))
        });
        let Some((mark, inner, after)) = marked else {
            plain.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        if !plain.is_empty() {
            found.push(Span::Plain(std::mem::take(&mut plain)));
        }
        found.push(if mark == "`" { Span::Code(inner.to_string()) } else { Span::Strong(inner.to_string()) });
        rest = after;
    }
    if !plain.is_empty() {
        found.push(Span::Plain(plain));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_paragraphs_lists_and_marked_words() {
        let plain = |text: &str| Span::Plain(text.into());
        assert_eq!(
            parse("One `a*b`\ntwo.\n\n- **x** y\n- z\nmore\n\n2 ** 3"),
            [
                Prose::Paragraph(vec![plain("One "), Span::Code("a*b".into()), plain(" two.")]),
                Prose::List(vec![vec![Span::Strong("x".into()), plain(" y")], vec![plain("z more")]]),
                Prose::Paragraph(vec![plain("2 ** 3")]),
            ]
        );
    }
}
