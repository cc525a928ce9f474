//! JSON as exchanges answer it. Numbers stay text until they are read as bars, so that no digit is lost on the way.

use super::columns::Layout;
use super::table::{Hints, OwnedCell, Rows, Table};
use crate::engine::timeframe::Timeframe;
use crate::error::{Error, Result};

/// Deepest nesting that is followed.
const MAX_DEPTH: usize = 64;

/// A JSON value; numbers as they are written.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    Array(Vec<Value>),
    Object(Vec<(String, Value)>),
}

impl Value {
    fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Object(fields) => fields.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) | Value::Number(text) => Some(text),
            _ => None,
        }
    }

    fn cell(&self) -> OwnedCell {
        match self {
            Value::Null => OwnedCell::Missing,
            Value::Bool(value) => OwnedCell::Text(value.to_string()),
            Value::Number(text) | Value::Text(text) => OwnedCell::Text(text.clone()),
            Value::Array(_) | Value::Object(_) => OwnedCell::Text("(nested)".into()),
        }
    }
}

/// Reads JSON: an array of arrays or objects, such an array inside the answer of an exchange, columns as arrays, or one
/// object per line.
///
/// # Errors
/// Text that is no JSON, an answer that reports an error, or JSON without bars.
pub(super) fn table(text: &str, label: &str) -> Result<Table> {
    let mut parser = Parser { bytes: text.as_bytes(), at: 0 };
    let mut documents = Vec::new();
    while parser.peek().is_some() {
        documents.push(parser.value(0).map_err(|what| {
            let line = 1 + text.as_bytes()[..parser.at.min(text.len())].iter().filter(|b| **b == b'\n').count();
            Error::data(label, format!("line {line}: not valid JSON: {what}"))
        })?);
    }
    let root = match documents.len() {
        1 => documents.remove(0),
        _ => Value::Array(documents),
    };
    check_answer(&root).map_err(|message| Error::data(label, message))?;
    let mut hints = Hints::default();
    if let Some(table) = columnar(&root) {
        return Ok(table);
    }
    let mut found = Vec::new();
    find_rows(&root, &mut Vec::new(), &mut found);
    match found.len() {
        0 if root == Value::Array(Vec::new()) => Err(Error::data(label, "holds no bars: the array is empty")),
        0 => Err(Error::data(label, "no array of bars found in the JSON")),
        1 => {
            let (path, rows) = found.remove(0);
            wrapper_hints(&root, &path, &mut hints);
            Ok(rows_table(rows, hints))
        }
        _ => {
            let paths: Vec<String> = found.iter().map(|(path, _)| path.join(".")).collect();
            let text = format!("several arrays may be the bars: {}; keep one of them in the file", paths.join(", "));
            Err(Error::data(label, text))
        }
    }
}

/// An answer that says that something went wrong holds no bars.
fn check_answer(root: &Value) -> Result<(), String> {
    let failed = |message: &str| Err(format!("is an error message of an exchange: {message}"));
    for (code, message) in [("retCode", "retMsg"), ("code", "msg"), ("status", "message"), ("s", "errmsg")] {
        if let Some(value) = root.get(code).and_then(Value::text)
            && !["0", "200", "200000", "OK", "ok", "success", "no_data"].contains(&value)
        {
            return failed(root.get(message).and_then(Value::text).unwrap_or(value));
        }
    }
    match root.get("error") {
        Some(Value::Array(errors)) if !errors.is_empty() => failed(errors[0].text().unwrap_or("error")),
        Some(Value::Text(text)) if !text.is_empty() => failed(text),
        _ => Ok(()),
    }
}

/// All arrays that may be rows of bars, with the names that lead to them.
fn find_rows<'a>(value: &'a Value, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, &'a [Value])>) {
    match value {
        Value::Array(rows) => {
            let is_row = |v: &Value| match v {
                Value::Array(cells) => cells.iter().filter(|c| c.text().is_some()).count() >= 2,
                Value::Object(fields) => fields.iter().filter(|(_, v)| v.text().is_some()).count() >= 5,
                _ => false,
            };
            let may_be_empty = path.last().is_some_and(|name| ["candles", "list", "data"].contains(&name.as_str()));
            if rows.iter().all(is_row) && (!rows.is_empty() || may_be_empty) {
                found.push((path.clone(), rows));
            }
        }
        Value::Object(fields) => {
            for (name, inner) in fields {
                path.push(name.clone());
                find_rows(inner, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// What known answers say beside their rows.
fn wrapper_hints(root: &Value, path: &[String], hints: &mut Hints) {
    let Some(last) = path.last() else { return };
    let parent = path[..path.len() - 1].iter().try_fold(root, |value, name| value.get(name));
    let Some(parent) = parent else { return };
    if let Some(finished) = parent.get("last").and_then(Value::text).and_then(|t| t.parse().ok()) {
        // Kraken: time, open, high, low, close, vwap, volume, count; the newest entry is not finished.
        hints.symbol = Some(last.clone());
        hints.layout = Some(Layout::positions(0, [1, 2, 3, 4], Some(6)));
        hints.last_finished = Some(finished);
    }
    if let Some(symbol) = parent.get("symbol").and_then(Value::text) {
        hints.symbol = Some(symbol.to_string());
    }
    if let Some(interval) = parent.get("interval").and_then(Value::text) {
        hints.timeframe = Timeframe::meant_by(interval);
    }
    if root.get("code").is_some() && path.len() == 1 && last == "data" {
        // OKX: the ninth column is 0 while the bar is not finished.
        hints.confirm = Some(8);
    }
}

fn rows_table(rows: &[Value], hints: Hints) -> Table {
    if let Some(Value::Object(_)) = rows.first() {
        let mut header: Vec<String> = Vec::new();
        for row in rows {
            let Value::Object(fields) = row else { continue };
            fields.iter().for_each(|(name, _)| {
                if !header.contains(name) {
                    header.push(name.clone());
                }
            });
        }
        let cells =
            rows.iter().map(|row| header.iter().map(|n| row.get(n).map_or(OwnedCell::Missing, Value::cell)).collect());
        let cells = cells.collect();
        return Table { width: header.len(), header: Some(header), row_word: "row", rows: Rows::Owned(cells), hints };
    }
    let cells: Vec<Vec<OwnedCell>> = rows
        .iter()
        .map(|row| match row {
            Value::Array(cells) => cells.iter().map(Value::cell).collect(),
            _ => Vec::new(),
        })
        .collect();
    Table { width: cells.first().map_or(0, Vec::len), header: None, row_word: "row", rows: Rows::Owned(cells), hints }
}

/// `{"t": [...], "o": [...], ...}`.
fn columnar(root: &Value) -> Option<Table> {
    let Value::Object(fields) = root else { return None };
    let columns: Vec<(&String, &Vec<Value>)> = fields
        .iter()
        .filter_map(|(name, value)| match value {
            Value::Array(cells) if cells.iter().all(|c| c.text().is_some() || *c == Value::Null) => Some((name, cells)),
            _ => None,
        })
        .collect();
    let length = columns.first()?.1.len();
    if columns.len() < 5 || columns.iter().any(|(_, cells)| cells.len() != length) {
        return None;
    }
    let header: Vec<String> = columns.iter().map(|(name, _)| (*name).clone()).collect();
    let rows = (0..length).map(|i| columns.iter().map(|(_, cells)| cells[i].cell()).collect()).collect();
    Some(Table {
        width: header.len(),
        header: Some(header),
        row_word: "row",
        rows: Rows::Owned(rows),
        hints: Hints::default(),
    })
}

/// A recursive descent parser of RFC 8259.
struct Parser<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Parser<'_> {
    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        while self.bytes.get(self.at).is_some_and(|b| b" \t\r\n".contains(b)) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > MAX_DEPTH {
            return Err(format!("nested more than {MAX_DEPTH} deep"));
        }
        match self.peek() {
            None => Err("it ends too early; the file may be cut off".into()),
            Some(b'[') => self.array(depth),
            Some(b'{') => self.object(depth),
            Some(b'"') => self.string().map(Value::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) => {
                // Python writes NaN and Infinity, which are no JSON but are no bars either.
                for (word, value) in [
                    ("null", Value::Null),
                    ("true", Value::Bool(true)),
                    ("false", Value::Bool(false)),
                    ("NaN", Value::Number("NaN".into())),
                    ("Infinity", Value::Number("inf".into())),
                ] {
                    if self.bytes[self.at..].starts_with(word.as_bytes()) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(self.unexpected())
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let mut items = Vec::new();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::Array(items));
                }
                _ => return Err(self.unexpected()),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let mut fields = Vec::new();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(fields));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.unexpected());
            }
            let name = self.string()?;
            if self.peek() != Some(b':') {
                return Err(self.unexpected());
            }
            self.at += 1;
            fields.push((name, self.value(depth + 1)?));
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Object(fields));
                }
                _ => return Err(self.unexpected()),
            }
        }
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        if self.bytes[self.at..].starts_with(b"-Infinity") {
            self.at += 9;
            return Ok(Value::Number("-inf".into()));
        }
        while self.bytes.get(self.at).is_some_and(|b| b.is_ascii_digit() || b"+-.eE".contains(b)) {
            self.at += 1;
        }
        let text = String::from_utf8_lossy(&self.bytes[start..self.at]).into_owned();
        if text.parse::<f64>().is_err() {
            return Err(format!("`{text}` is not a number"));
        }
        // An integer with an exponent, such as 1.6e12, is not read as an epoch otherwise.
        Ok(Value::Number(text))
    }

    fn string(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut out = Vec::new();
        loop {
            let byte = *self.bytes.get(self.at).ok_or("a string has no end")?;
            self.at += 1;
            match byte {
                b'"' => return String::from_utf8(out).map_err(|_| "a string is not UTF-8".into()),
                b'\\' => {
                    let escape = *self.bytes.get(self.at).ok_or("a string has no end")?;
                    self.at += 1;
                    let c = match escape {
                        b'n' => '\n',
                        b't' => '\t',
                        b'r' => '\r',
                        b'b' | b'f' => ' ',
                        b'u' => self.escaped()?,
                        b'"' | b'\\' | b'/' => escape as char,
                        _ => return Err("an unknown escape in a string".into()),
                    };
                    out.extend(c.encode_utf8(&mut [0; 4]).bytes());
                }
                _ => out.push(byte),
            }
        }
    }

    /// The character of `\uXXXX`; halves of a pair become the replacement character, as names and times have none.
    fn escaped(&mut self) -> Result<char, String> {
        let digits = self.bytes.get(self.at..self.at + 4).ok_or("a string has no end")?;
        self.at += 4;
        let code = std::str::from_utf8(digits).ok().and_then(|d| u32::from_str_radix(d, 16).ok());
        Ok(char::from_u32(code.ok_or("a bad \\u escape in a string")?).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn unexpected(&self) -> String {
        match self.bytes.get(self.at) {
            Some(byte) => format!("unexpected `{}`", (*byte as char).escape_default()),
            None => "it ends too early; the file may be cut off".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_every_digit() {
        let mut parser = Parser { bytes: b"[7240.04860029, -1e-7, 1499040000000]", at: 0 };
        let number = |t: &str| Value::Number(t.into());
        let expected = vec![number("7240.04860029"), number("-1e-7"), number("1499040000000")];
        assert_eq!(parser.value(0), Ok(Value::Array(expected)));
    }

    #[test]
    fn broken_json_is_refused() {
        for text in ["[", "[1,]", "{\"a\":}", "{a:1}", "[1 2]", "\"abc", "[1]]", "tru", "[\"\\x\"]", "[-]"] {
            assert!(table(text, "f").is_err(), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert!(table(&deep, "f").unwrap_err().to_string().contains("nested"));
    }

    #[test]
    fn answers_that_report_errors_are_refused() {
        let text = |json| table(json, "f").unwrap_err().to_string();
        assert!(text(r#"{"code":-1121,"msg":"Invalid symbol."}"#).contains("Invalid symbol"));
        assert!(text(r#"{"error":["EQuery:Unknown asset pair"]}"#).contains("Unknown asset pair"));
        assert!(text("[]").contains("holds no bars"));
        assert!(text(r#"{"a":1}"#).contains("no array of bars"));
    }
}
