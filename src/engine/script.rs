//! Splits a script into statements.

/// One statement of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The text without the closing semicolon, trimmed.
    pub text: &'a str,
    /// Line of its first character, from 1.
    pub line: usize,
    /// Whether it was closed by a semicolon.
    pub closed: bool,
}

/// The statements of a script, in order. Semicolons inside strings, quoted names, dollar quotes and comments do not count;
/// pieces that hold only blanks and comments are left out.
pub fn split(script: &str) -> Vec<Piece<'_>> {
    let bytes = script.as_bytes();
    let mut pieces = vec![];
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b';' => {
                push(script, start, at, true, &mut pieces);
                at += 1;
                start = at;
            }
            _ => at = skip(script, at),
        }
    }
    push(script, start, bytes.len(), false, &mut pieces);
    pieces
}

/// Whether the text ends in the middle of a statement, so that a prompt should ask for more.
pub fn is_incomplete(text: &str) -> bool {
    split(text).last().is_some_and(|piece| !piece.closed)
}

fn push<'a>(script: &'a str, start: usize, end: usize, closed: bool, pieces: &mut Vec<Piece<'a>>) {
    let begin = first_token(script, start, end);
    if begin < end {
        let line = script[..begin].bytes().filter(|b| *b == b'\n').count() + 1;
        pieces.push(Piece { text: script[begin..end].trim_end(), line, closed });
    }
}

/// Where the first token after blanks and comments starts, or `end`.
fn first_token(script: &str, start: usize, end: usize) -> usize {
    let bytes = script.as_bytes();
    let mut at = start;
    while at < end {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
        } else if is_comment(script, at) {
            at = skip(script, at);
        } else {
            break;
        }
    }
    at.min(end)
}

fn is_comment(script: &str, at: usize) -> bool {
    script[at..].starts_with("--") || script[at..].starts_with("/*")
}

/// The position after the token at `at`: a comment, a quoted text, or one character.
pub(crate) fn skip(script: &str, at: usize) -> usize {
    let rest = &script[at..];
    let after = |found: Option<usize>, width: usize| found.map_or(script.len(), |p| at + p + width);
    if rest.starts_with("--") {
        return after(rest.find('\n'), 1);
    }
    if rest.starts_with("/*") {
        return block_comment(script, at).unwrap_or(script.len());
    }
    match rest.as_bytes()[0] {
        quote @ (b'\'' | b'"') => after(rest[1..].find(quote as char), 2),
        b'$' => match dollar_tag(rest) {
            Some(tag) => after(rest[tag.len()..].find(tag), 2 * tag.len()),
            None => at + 1,
        },
        _ => at + rest.chars().next().map_or(1, char::len_utf8),
    }
}

/// The position after the block comment at `at`, or `None` if it does not end. Block comments nest, as in PostgreSQL and
/// DuckDB.
pub fn block_comment(script: &str, at: usize) -> Option<usize> {
    let bytes = script.as_bytes();
    let (mut depth, mut at) = (1, at + 2);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += 1;
        }
    }
    None
}

/// `$$` or `$tag$` at the start of the text; a parameter such as `$period` is none.
pub fn dollar_tag(rest: &str) -> Option<&str> {
    let end = rest.strip_prefix('$')?.find('$')? + 1;
    rest[1..end].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_').then(|| &rest[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(script: &str) -> Vec<&str> {
        split(script).into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn semicolons_in_strings_names_and_comments_do_not_split() {
        assert_eq!(
            texts("SELECT ';' ; SELECT \"a;b\" -- ; \n, 1; /* ; /* ; */ */ SELECT 2"),
            ["SELECT ';'", "SELECT \"a;b\" -- ; \n, 1", "SELECT 2"]
        );
        assert_eq!(texts("SELECT 'it''s; one';"), ["SELECT 'it''s; one'"]);
        assert_eq!(texts("SELECT $$a;b$$; SELECT $p + $q;"), ["SELECT $$a;b$$", "SELECT $p + $q"]);
    }

    #[test]
    fn blanks_and_comments_alone_are_no_statement() {
        assert!(texts(" -- nothing\n ; /* x */ ;; ").is_empty());
        assert!(!is_incomplete("SELECT 1; -- done"));
        assert!(is_incomplete("SELECT 1"));
        assert!(is_incomplete("SELECT 'a;"));
        assert!(!is_incomplete(""));
    }

    #[test]
    fn lines_count_from_the_first_token() {
        let lines: Vec<usize> = split("SELECT 1;\n\n-- c\nSELECT 2;").into_iter().map(|p| p.line).collect();
        assert_eq!(lines, [1, 4]);
    }
}
