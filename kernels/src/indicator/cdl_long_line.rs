//! Long line: a long body with short shadows.
//!
//! Gives 100 for a long white candle, -100 for a long black one, with two short shadows. Equals TA-Lib `CDLLONGLINE`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdllongline"],
    summary: "Long line: a long body with short shadows.",
    formula: "100 for a long white candle, -100 for a long black one, with two short shadows. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. A short shadow: one below half of the mean of range less body of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLLONGLINE",
    example: "SELECT ts, cdl_long_line(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<LongLine, 1>("cdl_long_line")
};

struct LongLine;

impl Pattern<1> for LongLine {
    const LOOKBACK: usize = 10;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Shadows];

    #[inline(always)]
    fn judge([candle]: [Candle; 1], _: f64) -> f64 {
        let short = candle.short_shadow();
        if all!(candle.is_long(), candle.upper() < short, candle.lower() < short) { 100.0 * candle.sign() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 105, 102, 105]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[102, 102, 99, 99]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 105, 102, 104]]), 0.0);
    }
}
