//! Long series in few points, so that nothing that can be seen is lost.
//!
//! A line keeps of each bucket its first, lowest, highest and last value: drawn over as many columns as there are buckets
//! it looks like the whole. Candles are merged as resampling merges bars: first open, highest high, lowest low, last close.

use super::model::{Candles, Marker, Series};

/// The points of a series that are needed to draw it over so many columns between two ends of the axis, in their order.
/// The series must be in the order of `x`. It comes back as it is if it has few points.
///
/// A gap that is narrower than a bucket is not kept.
pub fn line(series: &Series, columns: usize, (from, to): (f64, f64)) -> Series {
    let columns = columns.max(1);
    if series.x.len() <= 4 * columns || to <= from {
        return series.clone();
    }
    let mut out = Series { name: series.name.clone(), ..Series::default() };
    let bucket_of = |x: f64| (((x - from) / (to - from) * columns as f64) as usize).min(columns - 1);
    let mut row = 0;
    while row < series.x.len() {
        let bucket = bucket_of(series.x[row]);
        let end = (row..series.x.len()).find(|at| bucket_of(series.x[*at]) != bucket).unwrap_or(series.x.len());
        for at in kept(&series.y[row..end]) {
            out.x.push(series.x[row + at]);
            out.y.push(series.y[row + at]);
        }
        row = end;
    }
    out
}

/// Positions of the first, lowest, highest and last finite value, in order and each once; of the first value where none
/// is finite, which is a gap.
fn kept(values: &[f64]) -> Vec<usize> {
    let mut finite = (0..values.len()).filter(|at| values[*at].is_finite());
    let Some(first) = finite.next() else { return vec![0] };
    let (mut low, mut high, mut last) = (first, first, first);
    for at in finite {
        if values[at] < values[low] {
            low = at;
        }
        if values[at] > values[high] {
            high = at;
        }
        last = at;
    }
    let mut rows = vec![first, low, high, last];
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// At most so many candles, and how many bars each of them but the last stands for: 1 if nothing was merged. Markers stay
/// at their prices, lines have their last value of each candle.
pub fn candles(candles: &Candles, most: usize) -> (Candles, usize) {
    let size = candles.len().div_ceil(most.max(1)).max(1);
    if size == 1 {
        return (candles.clone(), 1);
    }
    let firsts = |values: &[f64]| values.chunks(size).map(|bars| first(bars.iter())).collect();
    let lasts = |values: &[f64]| values.chunks(size).map(|bars| first(bars.iter().rev())).collect();
    let folded = |values: &[f64], f: fn(f64, f64) -> f64| -> Vec<f64> {
        values.chunks(size).map(|bars| bars.iter().copied().fold(f64::NAN, f)).collect()
    };
    let merged = Candles {
        ts: candles.ts.chunks(size).map(|bars| bars[0]).collect(),
        open: firsts(&candles.open),
        high: folded(&candles.high, f64::max),
        low: folded(&candles.low, f64::min),
        close: lasts(&candles.close),
        markers: candles.markers.iter().map(|marker| Marker { bar: marker.bar / size, ..*marker }).collect(),
        lines: candles.lines.iter().map(|(name, values)| (name.clone(), lasts(values))).collect(),
    };
    (merged, size)
}

/// The first value that is known.
fn first<'a>(mut values: impl Iterator<Item = &'a f64>) -> f64 {
    values.find(|value| value.is_finite()).copied().unwrap_or(f64::NAN)
}

/// The sentence about a line that was drawn from few of its points.
pub fn note(drawn: usize, of: usize) -> String {
    format!("{drawn} points stand for {of}; each column keeps its lowest and highest")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::model::range;

    fn series(y: Vec<f64>) -> Series {
        Series { name: "a".into(), x: (0..y.len()).map(|at| at as f64).collect(), y }
    }

    #[test]
    fn a_bucket_keeps_its_ends_and_its_extrema() {
        let mut y = vec![1.0; 1000];
        (y[300], y[301], y[999]) = (-7.0, 9.0, 2.0);
        let whole = series(y);
        let few = line(&whole, 10, (0.0, 999.0));
        assert!(few.x.len() <= 40, "{}", few.x.len());
        assert!(few.x.is_sorted());
        assert_eq!(range(few.y.iter().copied()), Some((-7.0, 9.0)));
        assert_eq!((few.x[0], *few.x.last().unwrap(), *few.y.last().unwrap()), (0.0, 999.0, 2.0));
        let at = few.x.iter().position(|x| *x == 300.0).unwrap();
        assert_eq!((few.y[at], few.x[at + 1], few.y[at + 1]), (-7.0, 301.0, 9.0));
    }

    #[test]
    fn a_wide_gap_stays_and_short_series_are_left_alone() {
        let mut y = vec![1.0; 1000];
        y[200..500].fill(f64::NAN);
        let few = line(&series(y), 10, (0.0, 999.0));
        assert!(few.y.iter().any(|y| y.is_nan()));
        let short = series(vec![1.0, f64::NAN, 3.0]);
        let same = line(&short, 1, (0.0, 2.0));
        assert_eq!((same.x, same.y[2], same.y[1].is_nan()), (short.x, 3.0, true));
    }

    #[test]
    fn candles_are_merged_as_bars_are_resampled() {
        let bars = Candles {
            ts: vec![0.0, 1.0, 2.0, 3.0, 4.0],
            open: vec![1.0, 2.0, 3.0, 4.0, 5.0],
            high: vec![9.0, 3.0, 4.0, f64::NAN, 6.0],
            low: vec![1.0, 0.5, 3.0, 2.0, 5.0],
            close: vec![2.0, 3.0, 4.0, f64::NAN, 5.5],
            markers: vec![Marker { bar: 3, price: 2.5, is_entry: true, direction: None }],
            lines: vec![("m".into(), vec![f64::NAN, 1.0, 2.0, 3.0, 4.0])],
        };
        let (merged, size) = candles(&bars, 3);
        assert_eq!((size, merged.ts), (2, vec![0.0, 2.0, 4.0]));
        assert_eq!((merged.open, merged.close), (vec![1.0, 3.0, 5.0], vec![3.0, 4.0, 5.5]));
        assert_eq!((merged.high, merged.low), (vec![9.0, 4.0, 6.0], vec![0.5, 2.0, 5.0]));
        assert_eq!((merged.markers[0].bar, merged.markers[0].price), (1, 2.5));
        assert_eq!(merged.lines[0].1, [1.0, 3.0, 4.0]);
        assert_eq!(candles(&bars, 5).1, 1);
    }
}
