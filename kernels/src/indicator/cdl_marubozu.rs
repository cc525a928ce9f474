//! Marubozu: a long body without shadows.
//!
//! Gives 100 for a long white candle, -100 for a long black one, without shadows. Equals TA-Lib `CDLMARUBOZU`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlmarubozu"],
    summary: "Marubozu: a long body without shadows.",
    formula: "100 for a long white candle, -100 for a long black one, without shadows. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. No shadow: one below 0.1 of the mean range of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLMARUBOZU",
    example: "SELECT ts, cdl_marubozu(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<Marubozu, 1>("cdl_marubozu")
};

struct Marubozu;

impl Pattern<1> for Marubozu {
    const LOOKBACK: usize = 10;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range];

    #[inline(always)]
    fn judge([candle]: [Candle; 1], _: f64) -> f64 {
        if all!(candle.is_long(), candle.lacks_upper(), candle.lacks_lower()) { 100.0 * candle.sign() } else { 0.0 }
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
