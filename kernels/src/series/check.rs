//! Checks of a whole series.

/// Values that are looked at together before it is asked whether any of them was wrong.
const BLOCK: usize = 4096;

/// The numbers of bars in columns of equal length.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    /// First prices.
    pub open: &'a [f64],
    /// Highest prices.
    pub high: &'a [f64],
    /// Lowest prices.
    pub low: &'a [f64],
    /// Last prices.
    pub close: &'a [f64],
    /// Traded amounts.
    pub volume: &'a [f64],
}

impl<'a> Columns<'a> {
    /// The bars from `start` up to `end`.
    ///
    /// # Panics
    /// Rows that a column does not have.
    pub fn slice(&self, start: usize, end: usize) -> Columns<'a> {
        Columns {
            open: &self.open[start..end],
            high: &self.high[start..end],
            low: &self.low[start..end],
            close: &self.close[start..end],
            volume: &self.volume[start..end],
        }
    }

    /// Number of bars: of the shortest column.
    pub fn len(&self) -> usize {
        [self.open, self.high, self.low, self.close, self.volume].iter().map(|c| c.len()).min().unwrap_or(0)
    }

    /// Whether there are no bars.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The first row whose time is not later than that of the row before it.
pub fn first_unordered(ts: &[i64]) -> Option<usize> {
    let mut start = 0;
    while start + 1 < ts.len() {
        // Blocks share a row, so that the step from one to the next is looked at too.
        let block = &ts[start..ts.len().min(start + BLOCK + 1)];
        let pairs = || block.iter().zip(&block[1..]);
        if pairs().fold(false, |wrong, (a, b)| wrong | (a >= b)) {
            return pairs().position(|(a, b)| a >= b).map(|i| start + i + 1);
        }
        start += BLOCK;
    }
    None
}

/// The first bar that cannot be right: a number that is not finite, a price of zero or less, a volume below zero, or a
/// high or low that does not enclose open and close.
pub fn first_impossible(bars: Columns<'_>) -> Option<usize> {
    let n = bars.len();
    (0..n).step_by(BLOCK).find_map(|start| {
        let block = bars.slice(start, n.min(start + BLOCK));
        let rows = || rows(block);
        if rows().fold(true, |good, bar| good & is_possible(bar)) {
            return None;
        }
        rows().position(|bar| !is_possible(bar)).map(|i| start + i)
    })
}

fn rows(bars: Columns<'_>) -> impl Iterator<Item = [f64; 5]> {
    let prices = bars.open.iter().zip(bars.high).zip(bars.low).zip(bars.close);
    prices.zip(bars.volume).map(|((((o, h), l), c), v)| [*o, *h, *l, *c, *v])
}

/// Every comparison with `NaN` is false, and all prices lie between `low` and `high`: that covers everything.
#[inline]
fn is_possible([open, high, low, close, volume]: [f64; 5]) -> bool {
    (low > 0.0)
        & (volume >= 0.0)
        & (low <= open)
        & (low <= close)
        & (open <= high)
        & (close <= high)
        & (high < f64::INFINITY)
        & (volume < f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The rule in words, one clause each.
    fn is_possible_by_the_book([open, high, low, close, volume]: [f64; 5]) -> bool {
        let prices = [open, high, low, close];
        prices.iter().all(|p| p.is_finite() && *p > 0.0)
            && volume.is_finite()
            && volume >= 0.0
            && prices.iter().all(|p| *p <= high)
            && open >= low
            && close >= low
    }

    fn number() -> impl Strategy<Value = f64> {
        prop_oneof![
            6 => prop::sample::select(vec![1.0, 2.0, 3.0]),
            1 => prop::sample::select(vec![0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, 5e-324]),
        ]
    }

    fn columns(rows: &[[f64; 5]]) -> [Vec<f64>; 5] {
        std::array::from_fn(|c| rows.iter().map(|row| row[c]).collect())
    }

    fn first([open, high, low, close, volume]: &[Vec<f64>; 5]) -> Option<usize> {
        first_impossible(Columns { open, high, low, close, volume })
    }

    proptest! {
        #[test]
        fn a_bar_is_possible_exactly_if_every_clause_holds(row in prop::array::uniform5(number())) {
            prop_assert_eq!(is_possible(row), is_possible_by_the_book(row), "{:?}", row);
        }

        #[test]
        fn the_first_wrong_row_is_found_wherever_it_is(n in 1usize..3 * BLOCK, at in 0usize..3 * BLOCK, again in 0usize..3 * BLOCK) {
            let mut rows = vec![[2.0, 3.0, 1.0, 2.0, 0.0]; n];
            let mut ts: Vec<i64> = (0..n as i64).collect();
            prop_assert_eq!((first(&columns(&rows)), first_unordered(&ts)), (None, None));
            let (at, again) = (at % n, again % n);
            for i in [at, again] {
                rows[i][3] = f64::NAN;
                ts[i] = -1;
            }
            prop_assert_eq!(first(&columns(&rows)), Some(at.min(again)));
            let expected = (1..n).find(|&i| ts[i] <= ts[i - 1]);
            prop_assert_eq!(first_unordered(&ts), expected);
        }
    }

    #[test]
    fn nothing_is_in_order() {
        assert_eq!(first_unordered(&[]), None);
        assert_eq!(first_unordered(&[7]), None);
        assert_eq!(first_unordered(&[7, 7]), Some(1));
        assert_eq!(first(&columns(&[])), None);
    }
}
