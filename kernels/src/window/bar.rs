//! Small arithmetic on bars that several indicators share.

use crate::eight::Number;

/// Whether a value is missing, found without a branch per value.
#[inline(always)]
pub fn any_nan(values: &[f64]) -> bool {
    values.iter().fold(0, |missing, x| missing | u64::from(x.is_nan())) > 0
}

/// Mean of high, low and close.
#[inline(always)]
pub fn typical_price(high: f64, low: f64, close: f64) -> f64 {
    (high + low + close) / 3.0
}

/// Whether a difference of numbers of size `scale` is nothing but rounding: at most `1e-14 * scale`, the rule of
/// TA-Lib 0.8.
#[inline]
pub fn is_negligible(difference: f64, scale: f64) -> bool {
    difference.abs() <= 1e-14 * scale
}

/// Volume times the place of the close in the range of the bar, from -1 at the low to 1 at the high. Nothing for a bar
/// without a range, or with its high below its low; `NaN` if anything is missing.
#[inline(always)]
pub fn money_flow<T: Number>(high: T, low: T, close: T, volume: T) -> T {
    let range = high - low;
    let place = ((close - low) - (high - close)) / range;
    // Nothing of both, because either may be missing.
    range.if_above(range.all(0.0), place, range.nothing() + close.nothing()) * volume
}
