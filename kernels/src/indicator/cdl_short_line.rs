//! Short line: a short body with short shadows.
//!
//! Gives 100 for a short white candle, -100 for a short black one, with two short shadows. Equals TA-Lib
//! `CDLSHORTLINE`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlshortline"],
    summary: "Short line: a short body with short shadows.",
    formula: "100 for a short white candle, -100 for a short black one, with two short shadows. White: a close not below the open. Short: a body below the mean body of the 10 bars before it. A short shadow: one below half of the mean of range less body of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLSHORTLINE",
    example: "SELECT ts, cdl_short_line(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<ShortLine, 1>("cdl_short_line")
};

struct ShortLine;

impl Pattern<1> for ShortLine {
    const LOOKBACK: usize = 10;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Shadows];

    #[inline(always)]
    fn judge([candle]: [Candle; 1], _: f64) -> f64 {
        let short = candle.short_shadow();
        if all!(candle.is_short(), candle.upper() < short, candle.lower() < short) {
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
        assert_eq!(after_calm(&DEF, &[[102, 102, 102, 102]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[102, 102, 101, 101]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 103, 102, 102]]), 0.0);
    }
}
