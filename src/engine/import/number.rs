//! Numbers as text: which of `.` and `,` is the decimal sign is settled over the whole file.

use super::table::Cell;

/// The sign between whole and fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decimal {
    /// `1234.5`, thousands as `1,234.5`.
    Point,
    /// `1234,5`, thousands as `1.234,5`.
    Comma,
}

/// What the numbers seen so far say about the decimal sign.
#[derive(Debug, Default)]
pub(super) struct DecimalEvidence {
    point: Option<String>,
    comma: Option<String>,
    /// A number with one comma before three digits, which says nothing: `27,210`.
    open: Option<String>,
}

impl DecimalEvidence {
    /// Looks at one number.
    pub(super) fn see(&mut self, text: &str) {
        let slot = match (text.matches(',').count(), text.matches('.').count()) {
            (0, 0) => return,
            (commas, points) if commas > 0 && points > 0 => {
                if text.rfind(',') > text.rfind('.') {
                    &mut self.comma
                } else {
                    &mut self.point
                }
            }
            (0, 1) if groups_of_three(text, '.') => return,
            (0, 1) => &mut self.point,
            (0, _) => &mut self.comma,
            (1, _) if groups_of_three(text, ',') => &mut self.open,
            (1, _) => &mut self.comma,
            (_, _) => &mut self.point,
        };
        slot.get_or_insert_with(|| text.to_string());
    }

    /// The decimal sign, or why it cannot be told.
    pub(super) fn decide(&self) -> Result<Decimal, String> {
        match (&self.point, &self.comma, &self.open) {
            (Some(p), Some(c), _) => Err(format!("`{p}` has a decimal point and `{c}` a decimal comma")),
            (None, Some(_), _) => Ok(Decimal::Comma),
            (Some(_), None, _) | (None, None, None) => Ok(Decimal::Point),
            (None, None, Some(text)) => Err(format!(
                "`{text}` may be a fraction or have a thousands separator, and no number of the file tells which; write the \
                 numbers without thousands separators"
            )),
        }
    }
}

/// Whether the only `sign` may separate thousands: one to three digits before it, not a lone zero, and three after it.
fn groups_of_three(text: &str, sign: char) -> bool {
    let Some((whole, rest)) = text.split_once(sign) else { return false };
    let whole = whole.trim_start_matches(['+', '-']);
    (1..=3).contains(&whole.len()) && whole != "0" && rest.len() == 3 && rest.bytes().all(|b| b.is_ascii_digit())
}

/// A number from a cell; the text of the error says what is wrong with it.
pub(super) fn parse(cell: Cell<'_>, decimal: Decimal) -> Result<f64, NumberFault> {
    let value = match cell {
        Cell::Missing => return Err(NumberFault::Missing),
        Cell::Int(value) => value as f64,
        Cell::Float(value) => value,
        Cell::Time(_) | Cell::Naive(_) => return Err(NumberFault::NotANumber),
        Cell::Text(text) => parse_text(text, decimal)?,
    };
    if value.is_finite() { Ok(value) } else { Err(NumberFault::NotFinite) }
}

/// Why a cell is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberFault {
    Missing,
    NotANumber,
    NotFinite,
}

/// Words for "no value" that tools write.
fn is_null_word(text: &str) -> bool {
    ["null", "none", "na", "n/a", "nil", "-", "--"].iter().any(|w| text.eq_ignore_ascii_case(w))
}

fn parse_text(text: &str, decimal: Decimal) -> Result<f64, NumberFault> {
    if is_null_word(text) {
        return Err(NumberFault::Missing);
    }
    let bare = text.trim_start_matches(['+', '-']);
    if ["nan", "inf", "infinity"].iter().any(|w| bare.eq_ignore_ascii_case(w)) {
        return Err(NumberFault::NotFinite);
    }
    if !text.bytes().all(|b| b.is_ascii_digit() || b"+-.,eE'_ ".contains(&b)) && !text.contains('\u{a0}') {
        return Err(NumberFault::NotANumber);
    }
    let (fraction, group) = match decimal {
        Decimal::Point => ('.', ','),
        Decimal::Comma => (',', '.'),
    };
    let (whole, rest) = match text.split_once(fraction) {
        Some((whole, rest)) => (whole, Some(rest)),
        None => (text, None),
    };
    let whole = without_groups(whole, group).ok_or(NumberFault::NotANumber)?;
    let plain = match rest {
        Some(rest) if rest.bytes().all(|b| b.is_ascii_digit() || b"eE+-".contains(&b)) => format!("{whole}.{rest}"),
        Some(_) => return Err(NumberFault::NotANumber),
        None => whole,
    };
    plain.parse::<f64>().map_err(|_| NumberFault::NotANumber)
}

/// The digits of a whole part; its thousands must be groups of three.
fn without_groups(whole: &str, group: char) -> Option<String> {
    let separators = [group, '\'', ' ', '\u{a0}', '_'];
    if !whole.contains(separators) {
        return Some(whole.to_string());
    }
    let mut parts = whole.split(separators);
    let first = parts.next()?;
    let digits = first.trim_start_matches(['+', '-']);
    let well_formed =
        (1..=3).contains(&digits.len()) && parts.clone().all(|p| p.len() == 3 && p.bytes().all(|b| b.is_ascii_digit()));
    well_formed.then(|| std::iter::once(first).chain(parts).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, decimal: Decimal) -> Result<f64, NumberFault> {
        parse(Cell::text(text), decimal)
    }

    #[test]
    fn numbers_in_both_notations() {
        use Decimal::*;
        for (text, decimal, value) in [
            ("27,210.36", Point, 27210.36),
            ("1,234,567", Point, 1_234_567.0),
            ("27210,36", Comma, 27210.36),
            ("1.234.567,8", Comma, 1_234_567.8),
            ("1'234.5", Point, 1234.5),
            ("1 234,5", Comma, 1234.5),
            ("1e-5", Point, 1e-5),
            ("-1.0", Point, -1.0),
            (".5", Point, 0.5),
            ("0.00002853", Point, 0.00002853),
        ] {
            assert_eq!(read(text, decimal), Ok(value), "{text}");
        }
        for (text, fault) in [
            ("", NumberFault::Missing),
            ("null", NumberFault::Missing),
            ("abc", NumberFault::NotANumber),
            ("1,23", NumberFault::NotANumber),
            ("1.2.3", NumberFault::NotANumber),
            ("12,34,567", NumberFault::NotANumber),
            ("0x10", NumberFault::NotANumber),
            ("1.2K", NumberFault::NotANumber),
            ("NaN", NumberFault::NotFinite),
            ("-inf", NumberFault::NotFinite),
            ("1e999", NumberFault::NotFinite),
            ("-", NumberFault::Missing),
        ] {
            assert_eq!(read(text, Decimal::Point), Err(fault), "{text}");
        }
    }

    #[test]
    fn the_decimal_sign_is_settled_over_all_numbers() {
        let decide = |texts: &[&str]| {
            let mut evidence = DecimalEvidence::default();
            texts.iter().for_each(|t| evidence.see(t));
            evidence.decide()
        };
        assert_eq!(decide(&["1.5", "2"]), Ok(Decimal::Point));
        assert_eq!(decide(&["27,210", "27,210.36"]), Ok(Decimal::Point));
        assert_eq!(decide(&["27,210", "27,21"]), Ok(Decimal::Comma));
        assert_eq!(decide(&["27,210", "1.5"]), Ok(Decimal::Point));
        assert_eq!(decide(&["0,123"]), Ok(Decimal::Comma));
        assert!(decide(&["27,210", "1.234"]).is_err());
        assert!(decide(&["27,21", "27,210.36"]).is_err());
    }
}
