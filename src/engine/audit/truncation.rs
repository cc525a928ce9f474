//! The truncation test: a body is evaluated on the first bars of a series alone, and what it says of them must be, bit for
//! bit, what it says of them in the whole series.

use std::ops::Range;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};

use super::as_of::path_as_of;
use crate::engine::series::{BarsRef, Series};
use crate::engine::source::Demand;
use crate::engine::store::Store;
use crate::engine::strategy::ParamValue;
use crate::engine::sweep::{Evaluated, Path, Runtime, evaluate, evaluate_leniently};
use crate::engine::view::Others;
use crate::error::{Error, Result};

/// What can be evaluated on its first rows alone.
pub trait Shortened {
    /// Rows in all.
    fn rows(&self) -> usize;

    /// The columns on all rows.
    ///
    /// # Errors
    /// What cannot be evaluated.
    fn whole(&self) -> Result<Evaluated>;

    /// The columns on the first `known` rows, with nothing known that was not over when the last of them was.
    ///
    /// # Errors
    /// As [`Self::whole`].
    fn on_first(&self, known: usize) -> Result<Evaluated>;
}

/// A body on a series.
pub struct Trial<'a> {
    /// How the body is evaluated.
    pub path: &'a Path,
    /// Values of the parameters.
    pub point: &'a [ParamValue],
    /// All bars.
    pub series: &'a Arc<Series>,
    /// Where bars of other symbols come from.
    pub store: &'a Store,
    /// What evaluation runs on.
    pub runtime: &'a Runtime,
    /// Whether anybody waits for the result.
    pub demand: &'a Demand,
}

/// A value that was another one when fewer bars were known.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The bar, by position in the series.
    pub row: usize,
    /// Bars that were known.
    pub known: usize,
    /// The value with those bars.
    pub then: Option<String>,
    /// The value with all bars.
    pub in_the_end: Option<String>,
}

impl Difference {
    /// How many bars after its own were known, and not enough, and one more.
    pub fn reach(&self) -> usize {
        self.known - self.row
    }
}

impl Shortened for Trial<'_> {
    fn rows(&self) -> usize {
        self.series.len()
    }

    fn whole(&self) -> Result<Evaluated> {
        evaluate(self.path, (self.series, &Others::Store(self.store.clone())), self.point, self.runtime)
    }

    fn on_first(&self, known: usize) -> Result<Evaluated> {
        if !self.demand.goes_on() {
            return Err(Error::Cancelled);
        }
        let last = self.series.ts()[known - 1];
        let time = self.series.timeframe().bar_end(last);
        let path = path_as_of(self.path, time)?;
        let others = Others::Store(self.store.as_of(time));
        evaluate_leniently(&path, (&Arc::new(self.series.part(0..known)), &others), self.point, self.runtime)
    }
}

impl Trial<'_> {
    /// The columns on the bars from row `first` on, with the other tables whole.
    ///
    /// # Errors
    /// As [`Shortened::whole`].
    pub fn on_rows_from(&self, first: usize) -> Result<Evaluated> {
        let part = self.series.part(first..BarsRef::from(self.series.as_ref()).len());
        evaluate_leniently(self.path, (&Arc::new(part), &Others::Store(self.store.clone())), self.point, self.runtime)
    }
}

/// The numbers of bars to cut a series to: near the end of `rows`, and spread over them in neighbouring pairs, so that one
/// cut of two lies inside a longer bar. Sorted, each once, never all, and never so few that nothing can be seen.
pub fn cuts(rows: &Range<usize>, count: usize) -> Vec<usize> {
    /// The fractional part of the golden ratio: its multiples spread evenly, whatever their number.
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let n = rows.len();
    // One bar has no distance to the next, and so no timeframe that could be told.
    let fewest = (n / 50).max(2).min(n.saturating_sub(1));
    let mut lengths: Vec<usize> = match n.saturating_sub(fewest) <= count {
        true => (fewest.max(1)..n).collect(),
        false => {
            let pairs = (count - 2) / 2;
            let inner = (1..=pairs).flat_map(|i| {
                let at = fewest + ((i as f64 * GOLDEN).fract() * (n - 2 - fewest) as f64) as usize;
                [at, at + 1]
            });
            inner.chain([n - 2, n - 1]).collect()
        }
    };
    lengths.iter_mut().for_each(|length| *length += rows.start);
    lengths.sort_unstable();
    lengths.dedup();
    lengths
}

/// The first row from `first` on in which the columns differ in any bit, of those that both have.
pub fn first_difference(one: &dyn Array, other: &dyn Array, first: usize) -> Option<usize> {
    let end = one.len().min(other.len());
    let same = |from: usize, to: usize| one.slice(from, to - from).as_ref() == other.slice(from, to - from).as_ref();
    if first >= end || same(first, end) {
        return None;
    }
    let (mut from, mut to) = (first, end);
    while to - from > 1 {
        let middle = from + (to - from) / 2;
        match same(from, middle) {
            true => from = middle,
            false => to = middle,
        }
    }
    Some(from)
}

/// A value as text; NULL is `None`.
pub fn value_text(values: &ArrayRef, row: usize) -> Result<Option<String>> {
    if values.is_null(row) {
        return Ok(None);
    }
    let options = FormatOptions::default();
    Ok(Some(ArrayFormatter::try_new(values, &options)?.value(row).to_string()))
}

/// What a shortened evaluation says of a column otherwise than the whole one, in the rows from `first` on; the earliest row.
///
/// # Errors
/// A value that cannot be shown, which is a defect.
pub fn difference(
    whole: &ArrayRef,
    (part, known): (&Evaluated, usize),
    column: usize,
    first: usize,
) -> Result<Option<Difference>> {
    let values = &part.columns[column].1;
    let unlike = first_difference(whole, values, first);
    let missing = part.has_row.as_ref().and_then(|has| (first..known).find(|&row| !has[row]));
    let Some(row) = [unlike, missing].into_iter().flatten().min() else { return Ok(None) };
    let then = match missing == Some(row) {
        true => Some("no row".to_string()),
        false => value_text(values, row)?,
    };
    Ok(Some(Difference { row, known, then, in_the_end: value_text(whole, row)? }))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{BooleanArray, Float64Array};

    use super::*;

    #[test]
    fn cuts_come_in_pairs_and_leave_something_to_learn() {
        assert_eq!(cuts(&(0..5), 16), [2, 3, 4]);
        assert_eq!(cuts(&(10..13), 16), [12]);
        assert_eq!(cuts(&(0..2), 16), [1]);
        assert!(cuts(&(0..1), 16).is_empty() && cuts(&(0..0), 16).is_empty());
        let many = cuts(&(0..1000), 16);
        assert_eq!(many.len(), 16);
        assert_eq!(many[14..], [998, 999]);
        assert!(many.chunks(2).all(|pair| pair[1] == pair[0] + 1), "{many:?}");
    }

    #[test]
    fn the_first_of_several_differences_is_found_down_to_a_bit() {
        let one = Float64Array::from(vec![Some(1.0), None, Some(f64::NAN), Some(0.0), Some(5.0)]);
        let other = Float64Array::from(vec![Some(1.0), None, Some(f64::NAN), Some(-0.0), Some(6.0), Some(7.0)]);
        assert_eq!(first_difference(&one, &other, 0), Some(3));
        assert_eq!(first_difference(&one, &other, 4), Some(4));
        assert_eq!(first_difference(&one, &one, 0), None);
        assert_eq!(first_difference(&one, &other, 9), None);
        let flags = |v: Vec<Option<bool>>| -> ArrayRef { Arc::new(BooleanArray::from(v)) };
        let (one, other) = (flags(vec![Some(true), None]), flags(vec![Some(true), Some(false)]));
        assert_eq!(first_difference(&one, &other, 0), Some(1));
    }
}
