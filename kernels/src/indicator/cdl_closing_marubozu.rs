//! Closing marubozu: a long candle that closes at its high, or at its low.
//!
//! Gives 100 for a long white candle without upper shadow, -100 for a long black one without lower shadow. Equals TA-
//! Lib `CDLCLOSINGMARUBOZU`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlclosingmarubozu"],
    summary: "Closing marubozu: a long candle that closes at its high, or at its low.",
    formula: "100 for a long white candle without upper shadow, -100 for a long black one without lower shadow. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. No shadow: one below 0.1 of the mean range of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLCLOSINGMARUBOZU",
    example: "SELECT ts, cdl_closing_marubozu(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<ClosingMarubozu, 1>("cdl_closing_marubozu")
};

struct ClosingMarubozu;

impl Pattern<1> for ClosingMarubozu {
    const LOOKBACK: usize = 10;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range];

    #[inline(always)]
    fn judge([candle]: [Candle; 1], _: f64) -> f64 {
        let closes_at_end =
            any!(all!(candle.is_white(), candle.lacks_upper()), all!(candle.is_black(), candle.lacks_lower()));
        if all!(closes_at_end, candle.is_long()) { 100.0 * candle.sign() } else { 0.0 }
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
