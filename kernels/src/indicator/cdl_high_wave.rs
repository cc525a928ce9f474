//! High-wave candle: a small body between very long shadows.
//!
//! Gives 100 for a short white candle, -100 for a short black one, whose shadows are both longer than twice the body.
//! Equals TA-Lib `CDLHIGHWAVE`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlhighwave"],
    summary: "High-wave candle: a small body between very long shadows.",
    formula: "100 for a short white candle, -100 for a short black one, whose shadows are both longer than twice the body. White: a close not below the open. Short: a body below the mean body of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLHIGHWAVE",
    example: "SELECT ts, cdl_high_wave(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<HighWave, 1>("cdl_high_wave")
};

struct HighWave;

impl Pattern<1> for HighWave {
    const LOOKBACK: usize = 10;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body];

    #[inline(always)]
    fn judge([candle]: [Candle; 1], _: f64) -> f64 {
        let double = 2.0 * candle.body();
        if all!(candle.upper() > double, candle.lower() > double, candle.is_short()) {
            100.0 * candle.sign()
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 103, 101, 102]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[102, 105, 98, 101]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 103, 101, 101]]), 0.0);
    }
}
