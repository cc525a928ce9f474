//! Small arithmetic on bars that several indicators share.

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
pub fn money_flow(high: f64, low: f64, close: f64, volume: f64) -> f64 {
    let range = high - low;
    let place = ((close - low) - (high - close)) / range;
    // Times zero, because the close may be missing.
    let place = if range <= 0.0 { close * 0.0 } else { place };
    place * volume
}
