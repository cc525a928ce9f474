//! True range of one bar and Wilder's average of it.

use super::averages::Averages;
use super::fading::{Past, Recurrence};
use crate::eight::Number;
use crate::simd::widest_fn;

/// Largest of `high - low` and the distances of both from the previous close (Wilder 1978); `NaN` if any is missing.
#[inline(always)]
pub fn true_range(high: f64, low: f64, previous_close: f64) -> f64 {
    let is_missing = high.is_nan() | low.is_nan() | previous_close.is_nan();
    if is_missing { f64::NAN } else { known_range(high, low, previous_close) }
}

/// The same where high and low are numbers.
#[inline(always)]
pub(super) fn known_range<T: Number>(high: T, low: T, previous_close: T) -> T {
    (high - low).larger((high - previous_close).size().larger((low - previous_close).size()))
}

/// The true ranges of bars of finite prices; gives the last close.
#[inline(always)]
pub fn true_ranges(high: &[f64], low: &[f64], close: &[f64], previous_close: f64, out: &mut [f64]) -> f64 {
    let (Some(first), Some(&last)) = (out.first_mut(), close.last()) else { return previous_close };
    *first = known_range(high[0], low[0], previous_close);
    known_ranges(&high[1..], &low[1..], close, &mut out[1..]);
    last
}

widest_fn! {
    /// [`known_range`] at each bar.
    [] []
    fn known_ranges(high: &[f64], low: &[f64], before: &[f64], out: &mut [f64]) {
        for (((out, &high), &low), &before) in out.iter_mut().zip(high).zip(low).zip(before) {
            *out = known_range(high, low, before);
        }
    }
}

/// Wilder's average of the true range (1978). The first bar has none, so the first value comes `period` bars after it.
#[derive(Debug, Clone)]
pub struct AverageRange {
    average: Averages<1, 2>,
}

/// Average 0 of the true ranges of bars of high, low and close; the close before is kept in column 1.
#[inline(always)]
pub fn average_range<P: Past>(past: &mut P, [high, low, close]: [P::T; 3]) -> P::T {
    let previous_close = past.before(1, close);
    past.average(0, known_range(high, low, previous_close))
}

/// [`average_range`] of a bar.
struct RangeSmoothing;

impl Recurrence<3, 1> for RangeSmoothing {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, bar: [P::T; 3]) -> [P::T; 1] {
        [average_range(past, bar)]
    }
}

impl AverageRange {
    /// Smoothing over `period` bars.
    pub fn new(period: usize) -> Self {
        AverageRange { average: Averages::wilder([period]) }
    }

    /// Takes high, low and close of the next bar. A bar with a missing price gives `NaN` and changes nothing.
    #[inline]
    pub fn step(&mut self, bar: [f64; 3]) -> f64 {
        let [high, low, close] = bar;
        if high.is_nan() | low.is_nan() | close.is_nan() {
            return f64::NAN;
        }
        let [average] = self.average.step(&RangeSmoothing, bar);
        average
    }

    /// Whether the next bar has an average.
    #[inline(always)]
    pub fn is_warm(&self) -> bool {
        self.average.is_warm()
    }

    /// The averages of bars of finite prices, as [`AverageRange::step`] gives them. The average must be warm.
    #[inline(always)]
    pub fn run(&mut self, bars: [&[f64]; 3], out: &mut [f64]) {
        self.average.run(&RangeSmoothing, bars, [out]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_widen_the_range() {
        assert_eq!(true_range(12.0, 10.0, 11.0), 2.0);
        assert_eq!(true_range(12.0, 10.0, 7.0), 5.0);
        assert_eq!(true_range(12.0, 10.0, 13.0), 3.0);
        assert!(true_range(12.0, 10.0, f64::NAN).is_nan());
    }
}
