//! How far a column looks: ahead where it leaks, back where it does not.

use std::collections::HashMap;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type};

use super::truncation::{Difference, Shortened, first_difference};
use crate::engine::sweep::Evaluated;
use crate::error::Result;

/// Two numbers that differ by less than this fraction of the greater count as the same when the start of a series is cut off.
const SETTLED: f64 = 1e-9;

/// Searches for the number of later bars that leaky values need; remembers what each evaluation said.
pub struct Reach<'a> {
    trial: &'a dyn Shortened,
    whole: &'a Evaluated,
    /// Whether the columns are final, by row and known bars.
    finals: HashMap<(usize, usize), Vec<bool>>,
}

impl<'a> Reach<'a> {
    /// A search in the columns of `whole`.
    pub fn new(trial: &'a dyn Shortened, whole: &'a Evaluated) -> Self {
        Self { trial, whole, finals: HashMap::new() }
    }

    /// The smallest number of bars after its own that were enough for a value that was seen to change, in steps of twice
    /// and then half as many; `None` if only all bars were enough.
    ///
    /// # Errors
    /// What cannot be evaluated.
    pub fn of(&mut self, column: usize, seen: &Difference) -> Result<Option<usize>> {
        let all = self.trial.rows() - 1 - seen.row;
        let (mut too_few, mut enough) = (seen.reach() - 1, seen.reach());
        while enough < all && !self.is_final(column, seen.row, enough)? {
            (too_few, enough) = (enough, enough.saturating_mul(2));
        }
        enough = enough.min(all);
        while enough - too_few > 1 {
            let middle = too_few + (enough - too_few) / 2;
            match self.is_final(column, seen.row, middle)? {
                true => enough = middle,
                false => too_few = middle,
            }
        }
        Ok((enough < all).then_some(enough))
    }

    /// Whether a value is what it is in the end, once `later` bars after its own are known.
    fn is_final(&mut self, column: usize, row: usize, later: usize) -> Result<bool> {
        let known = row + 1 + later;
        if let Some(finals) = self.finals.get(&(row, known)) {
            return Ok(finals[column]);
        }
        let part = self.trial.on_first(known)?;
        let has_row = part.has_row.as_ref().is_none_or(|has| has[row]);
        let same = |(_, whole): &(String, ArrayRef), (_, part): &(String, ArrayRef)| {
            has_row && first_difference(&whole.slice(row, 1), &part.slice(row, 1), 0).is_none()
        };
        let finals: Vec<bool> = self.whole.columns.iter().zip(&part.columns).map(|(w, p)| same(w, p)).collect();
        let answer = finals[column];
        self.finals.insert((row, known), finals);
        Ok(answer)
    }
}

/// How many rows at the start are NULL or not a number.
pub fn lookback(values: &ArrayRef) -> usize {
    let numbers = values.as_primitive_opt::<Float64Type>();
    let is_empty = |row: usize| values.is_null(row) || numbers.is_some_and(|n| n.value(row).is_nan());
    (0..values.len()).find(|&row| !is_empty(row)).unwrap_or(values.len())
}

/// How many bars it takes until the values no longer depend on the bars before `first`; `None` if they still do in the last
/// row. `part` are the values without those bars.
///
/// # Errors
/// None that values can cause.
pub fn warm_up(whole: &ArrayRef, part: &ArrayRef, first: usize) -> Result<Option<usize>> {
    let whole = whole.slice(first, part.len());
    let last = match whole.data_type() {
        kind if kind.is_numeric() => {
            let (one, other) = (cast(&whole, &DataType::Float64)?, cast(part, &DataType::Float64)?);
            let (one, other) = (one.as_primitive::<Float64Type>(), other.as_primitive::<Float64Type>());
            let value = |array: &datafusion::arrow::array::Float64Array, row: usize| match array.is_null(row) {
                true => f64::NAN,
                false => array.value(row),
            };
            (0..part.len()).rev().find(|&row| !is_near(value(one, row), value(other, row)))
        }
        _ => (0..part.len()).rev().find(|&row| whole.slice(row, 1).as_ref() != part.slice(row, 1).as_ref()),
    };
    Ok(match last {
        None => Some(0),
        Some(last) if last + 1 == part.len() => None,
        Some(last) => Some(last + 1),
    })
}

fn is_near(one: f64, other: f64) -> bool {
    one == other || (one.is_nan() && other.is_nan()) || (one - other).abs() <= SETTLED * one.abs().max(other.abs())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{BooleanArray, Float64Array};

    use super::*;

    fn numbers(values: &[f64]) -> ArrayRef {
        Arc::new(Float64Array::from_iter(values.iter().map(|v| (!v.is_nan()).then_some(*v))))
    }

    #[test]
    fn leading_rows_without_a_value_are_counted() {
        assert_eq!(lookback(&numbers(&[f64::NAN, f64::NAN, 1.0, f64::NAN])), 2);
        assert_eq!(lookback(&numbers(&[1.0])), 0);
        assert_eq!(lookback(&(Arc::new(BooleanArray::from(vec![None, None])) as ArrayRef)), 2);
    }

    #[test]
    fn a_value_is_warm_when_the_start_no_longer_matters() {
        let whole = numbers(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(warm_up(&whole, &numbers(&[3.0, 4.0, 5.0]), 2).unwrap(), Some(0));
        assert_eq!(warm_up(&whole, &numbers(&[f64::NAN, 4.5, 5.0 + 1e-12]), 2).unwrap(), Some(2));
        assert_eq!(warm_up(&whole, &numbers(&[3.0, 4.0, 6.0]), 2).unwrap(), None);
    }
}
