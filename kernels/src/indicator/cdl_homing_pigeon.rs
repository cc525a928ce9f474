//! Homing pigeon: a small black body inside the long black body before it.
//!
//! Gives 100 where a black candle that is not long has its body strictly inside that of the long black one before it.
//! Equals TA-Lib `CDLHOMINGPIGEON`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlhomingpigeon"],
    summary: "Homing pigeon: a small black body inside the long black body before it.",
    formula: "100 where a black candle that is not long has its body strictly inside that of the long black one before it. White: a close not below the open. Long: a body above the mean body of the 10 bars before it.",
    source: "Morris, Candlestick Charting Explained, 1995; TA-Lib CDLHOMINGPIGEON",
    example: "SELECT ts, cdl_homing_pigeon(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<HomingPigeon, 2>("cdl_homing_pigeon")
};

struct HomingPigeon;

impl Pattern<2> for HomingPigeon {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body];

    #[inline(always)]
    fn judge([first, second]: [Candle; 2], _: f64) -> f64 {
        let homes = all!(
            first.is_black(),
            second.is_black(),
            second.open < first.open,
            second.close > first.close,
            first.is_long(),
            !second.is_long()
        );
        if homes { 100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[104, 104, 101, 101], [103, 103, 102, 102]]), 100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[104, 104, 101, 101], [103, 103, 101, 101]]), 0.0);
    }
}
