//! Longer bars from shorter ones.

use super::check::Columns;

/// Bars in columns, one for each bucket.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Folded {
    /// Opens of the first bars.
    pub open: Vec<f64>,
    /// Highest highs.
    pub high: Vec<f64>,
    /// Lowest lows.
    pub low: Vec<f64>,
    /// Closes of the last bars.
    pub close: Vec<f64>,
    /// Sums of the volumes.
    pub volume: Vec<f64>,
}

/// One bar for each bucket of bars. `starts` holds the first row of each bucket, which ends where the next begins; the last
/// one ends at `end`. A bucket has at least one bar.
///
/// # Panics
/// An empty bucket, or rows that a column does not have.
pub fn fold(bars: Columns<'_>, starts: &[usize], end: usize) -> Folded {
    let ends = starts.iter().skip(1).copied().chain([end]);
    let mut out = Folded::default();
    for (&start, end) in starts.iter().zip(ends) {
        let bucket = bars.slice(start, end);
        out.open.push(bucket.open[0]);
        out.high.push(bucket.high.iter().skip(1).fold(bucket.high[0], |a, b| a.max(*b)));
        out.low.push(bucket.low.iter().skip(1).fold(bucket.low[0], |a, b| a.min(*b)));
        out.close.push(bucket.close[bucket.close.len() - 1]);
        out.volume.push(bucket.volume.iter().skip(1).fold(bucket.volume[0], |a, b| a + b));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_take_first_highest_lowest_last_and_sum() {
        let open = [1.0, 2.0, 3.0, 4.0, 5.0];
        let high = [9.0, 8.0, 3.5, 4.5, 9.0];
        let low = [0.9, 0.5, 2.5, 3.0, 1.0];
        let close = [2.0, 3.0, 3.0, 4.0, 6.0];
        let volume = [1.0, 10.0, 100.0, 1000.0, 7.0];
        let bars = Columns { open: &open, high: &high, low: &low, close: &close, volume: &volume };
        let out = fold(bars, &[0, 2, 3], 4);
        assert_eq!((out.open, out.close), (vec![1.0, 3.0, 4.0], vec![3.0, 3.0, 4.0]));
        assert_eq!((out.high, out.low), (vec![9.0, 3.5, 4.5], vec![0.5, 2.5, 3.0]));
        assert_eq!(out.volume, [11.0, 100.0, 1000.0]);
        assert_eq!(fold(bars, &[], 0), Folded::default());
    }
}
