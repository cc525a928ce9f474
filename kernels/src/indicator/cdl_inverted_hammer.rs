//! Inverted hammer: a small body below a long upper shadow, below the body before.
//!
//! Gives 100 for a short body with an upper shadow longer than it and no lower shadow, below the body of the bar before
//! with a gap. Equals TA-Lib `CDLINVERTEDHAMMER`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlinvertedhammer"],
    summary: "Inverted hammer: a small body below a long upper shadow, below the body before.",
    formula: "100 for a short body with an upper shadow longer than it and no lower shadow, below the body of the bar before with a gap. Short: a body below the mean body of the 10 bars before it. No shadow: one below 0.1 of the mean range of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLINVERTEDHAMMER",
    example: "SELECT ts, cdl_inverted_hammer(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<InvertedHammer, 2>("cdl_inverted_hammer")
};

struct InvertedHammer;

impl Pattern<2> for InvertedHammer {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range];

    #[inline(always)]
    fn judge([before, candle]: [Candle; 2], _: f64) -> f64 {
        let hammers = all!(
            candle.body_is_below(&before),
            candle.upper() > candle.body(),
            candle.is_short(),
            candle.lacks_lower()
        );
        if hammers { 100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[99, 100, 99, 99]]), 100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[99, 100, 98, 98]]), 0.0);
    }
}
