//! True range of one bar.

/// Largest of `high - low` and the distances of both from the previous close (Wilder 1978); `NaN` if any is missing.
#[inline]
pub fn true_range(high: f64, low: f64, previous_close: f64) -> f64 {
    let range = high - low;
    let up = (high - previous_close).abs();
    let down = (low - previous_close).abs();
    if range.is_nan() || up.is_nan() || down.is_nan() { f64::NAN } else { range.max(up).max(down) }
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
