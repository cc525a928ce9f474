//! True range of one bar and Wilder's average of it.

use super::averages::Averages;
use super::fading::Making;
use super::smoother::Smoothing;
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
pub fn known_range<T: Number>(high: T, low: T, previous_close: T) -> T {
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
    last: [f64; 3],
    average: Averages<1, 1>,
}

/// The true range of a bar of high, low and close.
struct Ranging;

impl Making<3, 1> for Ranging {
    #[inline(always)]
    fn make<T: Number>(&self, [high, low, _]: [T; 3], [_, _, previous_close]: [T; 3]) -> [T; 1] {
        [known_range(high, low, previous_close)]
    }
}

impl AverageRange {
    /// Smoothing over `period` bars.
    pub fn new(period: usize) -> Self {
        AverageRange { last: [f64::NAN; 3], average: Averages::wilder([period]) }
    }

    /// Takes high, low and close of the next bar. A bar with a missing price gives `NaN` and changes nothing.
    #[inline(always)]
    pub fn step(&mut self, bar: [f64; 3]) -> f64 {
        if bar.iter().any(|price| price.is_nan()) {
            return f64::NAN;
        }
        let range = Ranging.make(bar, std::mem::replace(&mut self.last, bar));
        let [average] = self.average.step(&Smoothing, range);
        average
    }

    /// Lets a bar pass before the first one, so that blocks begin where those of other averages do.
    #[inline(always)]
    pub fn wait(&mut self) {
        self.average.wait();
    }

    /// Whether a block of bars begins, which are averaged faster together.
    #[inline(always)]
    pub fn begins_block(&self) -> bool {
        self.average.begins_block()
    }

    /// The averages of bars whose first one begins a block, as by [`Fadings::run_finite`](super::Fadings::run_finite).
    #[inline(always)]
    pub fn run_finite(&mut self, bars: [&[f64]; 3], out: &mut [f64]) -> usize {
        self.average.run_made(&Ranging, &mut self.last, &Smoothing, bars, [out])
    }

    /// The averages of bars of finite prices, as [`AverageRange::step`] gives them.
    #[inline(always)]
    pub fn run(&mut self, bars: [&[f64]; 3], out: &mut [f64]) {
        let mut start = 0;
        while start < out.len() {
            if self.begins_block() {
                start += self.run_finite(bars.map(|prices| &prices[start..]), &mut out[start..]);
            }
            if start < out.len() {
                out[start] = self.step(bars.map(|prices| prices[start]));
                start += 1;
            }
        }
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
