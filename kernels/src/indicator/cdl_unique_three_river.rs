//! Unique three river bottom: a new low inside a long black body, and a small white candle.
//!
//! Gives 100 where a long black candle is followed by a black one that opens at or below its open, closes above its
//! close and has a lower low, and by a short white one that opens above that low. Equals TA-Lib `CDLUNIQUE3RIVER`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlunique3river"],
    summary: "Unique three river bottom: a new low inside a long black body, and a small white candle.",
    formula: "100 where a long black candle is followed by a black one that opens at or below its open, closes above its close and has a lower low, and by a short white one that opens above that low. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. Short: a body below the mean body of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLUNIQUE3RIVER",
    example: "SELECT ts, cdl_unique_three_river(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<UniqueThreeRiver, 3>("cdl_unique_three_river")
};

struct UniqueThreeRiver;

impl Pattern<3> for UniqueThreeRiver {
    const LOOKBACK: usize = 12;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], _: f64) -> f64 {
        let turns = all!(
            first.is_black(),
            second.is_black(),
            third.is_white(),
            second.close > first.close,
            second.open <= first.open,
            second.low < first.low,
            third.open > second.low,
            first.is_long(),
            third.is_short()
        );
        if turns { 100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 102, 97, 97], [100, 100, 96, 98], [100, 100, 100, 100]]), 100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 102, 97, 97], [100, 100, 96, 98], [100, 100, 99, 99]]), 0.0);
    }
}
