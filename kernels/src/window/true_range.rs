//! True range of one bar and Wilder's average of it.

use super::smoother::Smoother;

/// Largest of `high - low` and the distances of both from the previous close (Wilder 1978); `NaN` if any is missing.
#[inline]
pub fn true_range(high: f64, low: f64, previous_close: f64) -> f64 {
    let range = high - low;
    let up = (high - previous_close).abs();
    let down = (low - previous_close).abs();
    if range.is_nan() || up.is_nan() || down.is_nan() { f64::NAN } else { range.max(up).max(down) }
}

/// Wilder's average of the true range (1978). The first bar has none, so the first value comes `period` bars after it.
#[derive(Debug, Clone)]
pub struct AverageRange {
    previous_close: f64,
    average: Smoother,
}

impl AverageRange {
    /// Smoothing over `period` bars.
    pub fn new(period: usize) -> Self {
        AverageRange { previous_close: f64::NAN, average: Smoother::rma(period) }
    }

    /// Takes high, low and close of the next bar. A bar with a missing price gives `NaN` and changes nothing.
    #[inline]
    pub fn step(&mut self, [high, low, close]: [f64; 3]) -> f64 {
        if high.is_nan() | low.is_nan() | close.is_nan() {
            return f64::NAN;
        }
        let previous = std::mem::replace(&mut self.previous_close, close);
        self.average.step(true_range(high, low, previous))
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
