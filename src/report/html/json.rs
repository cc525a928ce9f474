//! The little JSON that a page needs, written so that it can stand inside of a script element.

/// Digits of a number: more than can be seen in a drawing.
const DIGITS: usize = 8;

/// A text. No character in it can end the script element or a line of JavaScript.
pub fn text(value: &str) -> String {
    let mut out = String::from("\"");
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out += &format!("\\u{:04x}", u32::from(c)),
            c if c.is_control() => out += &format!("\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A number; `null` for one that is not finite.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "null".into();
    }
    let rounded: f64 = format!("{value:.*e}", DIGITS - 1).parse().unwrap_or(value);
    let text = format!("{rounded:?}");
    text.strip_suffix(".0").unwrap_or(&text).to_string()
}

/// A time in microseconds as milliseconds.
pub fn time(micros: f64) -> String {
    if micros.is_finite() { format!("{}", (micros / 1000.0).floor() as i64) } else { "null".into() }
}

/// A list of values that are JSON already.
pub fn list(values: impl IntoIterator<Item = String>) -> String {
    let mut out = String::from("[");
    for (at, value) in values.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        out += &value;
    }
    out.push(']');
    out
}

/// An object of values that are JSON already.
pub fn object(fields: &[(&str, String)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{}:{value}", text(name))).collect();
    format!("{{{}}}", fields.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_json_that_cannot_end_a_script() {
        let parsed = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
        let hostile = "</script><!-- \"\\\u{2028}\u{1}&";
        assert!(!text(hostile).contains(['<', '>', '\u{2028}']));
        assert_eq!(parsed(&text(hostile)), serde_json::json!(hostile));
        let numbers = [1.0, -0.1, 1e-300, 1e300, 123_456_789.123, f64::NAN].map(number);
        assert_eq!(numbers, ["1", "-0.1", "1e-300", "1e300", "123456790", "null"]);
        assert_eq!(parsed(&list(numbers)).as_array().unwrap().len(), 6);
        assert_eq!(object(&[("a", number(1.5)), ("b", list([]))]), "{\"a\":1.5,\"b\":[]}");
        assert_eq!(time(1_704_067_200_000_000.0), "1704067200000");
    }
}
