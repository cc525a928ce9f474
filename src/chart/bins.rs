//! How values are spread over ranges of a round width.

use super::model::range;

/// Counts in ranges of the same width.
#[derive(Debug, Clone, PartialEq)]
pub struct Bins {
    /// Where the first range begins; a multiple of the width.
    pub low: f64,
    /// Width of each range.
    pub step: f64,
    /// Values of each range, whose lower end belongs to it.
    pub counts: Vec<usize>,
}

/// Fewest bins that are aimed at.
const FEWEST: f64 = 6.0;

/// At most so many bins over the values, which must be finite. Their width is near that of Freedman and Diaconis, two
/// interquartile ranges over the cube root of the count, rounded up to 1, 2 or 5 times a power of ten.
pub fn bins(values: &[f64], most: usize) -> Bins {
    let Some((low, high)) = range(values.iter().copied()) else {
        return Bins { low: 0.0, step: 1.0, counts: vec![] };
    };
    let width = high - low;
    if !(width.is_finite() && width > 0.0) {
        return Bins { low, step: 1.0, counts: vec![values.len()] };
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let quartile = |share: f64| sorted[((sorted.len() - 1) as f64 * share).round() as usize];
    let ideal = 2.0 * (quartile(0.75) - quartile(0.25)) / (sorted.len() as f64).cbrt();
    let wanted = if ideal > 0.0 { width / ideal } else { FEWEST };
    let wanted = wanted.clamp(FEWEST, (most as f64).max(FEWEST));
    let mut power = 10f64.powf((width / wanted).log10().floor());
    // Whole numbers are counted by whole numbers.
    if sorted.iter().all(|value| value.fract() == 0.0) {
        power = power.max(1.0);
    }
    let count = |step: f64| (high / step).floor() - (low / step).floor() + 1.0;
    let steps = (0..).flat_map(|tens| [1.0, 2.0, 5.0].map(|factor| factor * power * 10f64.powi(tens)));
    let step = steps.take(64).find(|step| count(*step) <= wanted.ceil()).unwrap_or(width);
    let first = (low / step).floor();
    let mut counts = vec![0; count(step) as usize];
    let last = counts.len() - 1;
    for value in values {
        counts[(((value / step).floor() - first) as usize).min(last)] += 1;
    }
    Bins { low: first * step, step, counts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_round_and_hold_every_value() {
        let values: Vec<f64> = (0..1000).map(|n| f64::from(n) / 100.0).collect();
        let bins = bins(&values, 40);
        assert_eq!((bins.low, bins.step, bins.counts), (0.0, 1.0, vec![100; 10]));
    }

    #[test]
    fn whole_numbers_and_single_values() {
        let few = bins(&[1.0, 2.0, 2.0, 4.0], 40);
        assert_eq!((few.low, few.step, few.counts), (1.0, 1.0, vec![1, 2, 0, 1]));
        assert_eq!(bins(&[3.5; 4], 40).counts, [4]);
        assert!(bins(&[], 40).counts.is_empty());
    }

    #[test]
    fn outliers_do_not_make_more_bins_than_there_is_room_for() {
        let mut values: Vec<f64> = (0..1000).map(|n| f64::from(n) * 1e-6).collect();
        values.extend([-1e9, 1e9]);
        let bins = bins(&values, 30);
        assert!(bins.counts.len() <= 30, "{}", bins.counts.len());
        assert_eq!(bins.counts.iter().sum::<usize>(), values.len());
    }
}
