//! Numbers for people. A table is for reading; csv, json and the binary formats carry every digit.
//!
//! The rule for floating-point numbers in tables: six decimals, or six significant digits below one, without the zeros at
//! the end but at least one decimal; very small and very large numbers in scientific notation. A number that is not zero
//! is never shown as zero. Columns whose numbers need at most six decimals are filled up with zeros to the same number of
//! them, so that the decimal points stand below each other.

/// Decimals of a number of ordinary size.
const DECIMALS: usize = 6;

/// Smallest magnitude that is written without an exponent.
const SMALLEST: f64 = 1e-5;

/// Smallest magnitude that is written with an exponent again: from here on not every whole number exists.
const LARGEST: f64 = 1e15;

/// A number as a table shows it.
pub fn float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf".into() } else { "-inf".into() };
    }
    let size = value.abs();
    if size != 0.0 && !(SMALLEST..LARGEST).contains(&size) {
        return scientific(value);
    }
    let text = format!("{value:.*}", decimals(size));
    let text = text.trim_end_matches('0');
    if text.ends_with('.') { format!("{text}0") } else { text.to_string() }
}

/// The numbers of one column, filled up to a common number of decimals where six are enough.
pub fn float_column(values: &[Option<f64>]) -> Vec<Option<String>> {
    let mut texts: Vec<Option<String>> = values.iter().map(|value| value.map(float)).collect();
    let common = texts.iter().flatten().filter_map(|text| decimals_in(text)).max().unwrap_or(0);
    if common <= DECIMALS {
        for text in texts.iter_mut().flatten() {
            if let Some(own) = decimals_in(text) {
                text.extend(std::iter::repeat_n('0', common - own));
            }
        }
    }
    texts
}

/// `219127` as `219,127`.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 row`, `2,000 rows`.
pub fn plural(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(number), if number == 1 { "" } else { "s" })
}

fn decimals(size: f64) -> usize {
    if size == 0.0 || size >= 1.0 {
        return DECIMALS;
    }
    let leading_zeros = -size.log10().floor() as usize - 1;
    DECIMALS + leading_zeros
}

/// Six significant digits, without zeros at the end of the mantissa.
fn scientific(value: f64) -> String {
    let text = format!("{value:.5e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    format!("{}e{exponent}", mantissa.trim_end_matches('0').trim_end_matches('.'))
}

/// Digits after the point, or `None` for text that is no plain decimal number.
fn decimals_in(text: &str) -> Option<usize> {
    let (_, decimals) = text.split_once('.')?;
    (!decimals.contains('e')).then_some(decimals.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_have_the_digits_that_a_reader_needs() {
        for (value, text) in [
            (0.0, "0.0"),
            (10_000.0, "10000.0"),
            (42_283.58, "42283.58"),
            (0.1 + 0.2, "0.3"),
            (1.234_567_891, "1.234568"),
            (-0.012_345_678_9, "-0.0123457"),
            (0.000_123_456_78, "0.000123457"),
            (1e-9, "1e-9"),
            (-1.234_567_89e-12, "-1.23457e-12"),
            (1e15, "1e15"),
            (999_999_999_999_999.0, "999999999999999.0"),
            (f64::MAX, "1.79769e308"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(float(value), text);
        }
    }

    #[test]
    fn a_column_has_its_points_below_each_other() {
        let texts = float_column(&[Some(1.5), None, Some(42_283.58), Some(3.0)]);
        let texts: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
        assert_eq!(texts, [Some("1.50"), None, Some("42283.58"), Some("3.00")]);
    }

    #[test]
    fn a_column_with_tiny_numbers_is_not_filled_up() {
        let texts: Vec<String> = float_column(&[Some(100.0), Some(0.000_123_456_78)]).into_iter().flatten().collect();
        assert_eq!(texts, ["100.0", "0.000123457"]);
    }

    #[test]
    fn counts_have_groups_and_nouns_have_plurals() {
        assert_eq!([grouped(0), grouped(999), grouped(1_000), grouped(219_127)], ["0", "999", "1,000", "219,127"]);
        assert_eq!([plural(1, "row"), plural(0, "row")], ["1 row", "0 rows"]);
    }
}
