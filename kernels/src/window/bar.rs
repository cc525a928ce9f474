//! Small arithmetic on bars that several indicators share.

/// Mean of high, low and close.
#[inline]
pub fn typical_price(high: f64, low: f64, close: f64) -> f64 {
    (high + low + close) / 3.0
}

/// Whether a difference of numbers of size `scale` is nothing but rounding: at most `1e-14 * scale`, the rule of
/// TA-Lib 0.8.
#[inline]
pub fn is_negligible(difference: f64, scale: f64) -> bool {
    difference.abs() <= 1e-14 * scale
}
