//! Takuri line: a dragonfly doji with a very long lower shadow.
//!
//! Gives 100 for a doji without upper shadow and with a lower one longer than twice its body. Equals TA-Lib
//! `CDLTAKURI`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdltakuri"],
    summary: "Takuri line: a dragonfly doji with a very long lower shadow.",
    formula: "100 for a doji without upper shadow and with a lower one longer than twice its body. Doji: a body up to 0.1 of the mean range of the 10 bars before it. No shadow: one below 0.1 of the mean range of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLTAKURI",
    example: "SELECT ts, cdl_takuri(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<Takuri, 1>("cdl_takuri")
};

struct Takuri;

impl Pattern<1> for Takuri {
    const LOOKBACK: usize = 10;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Range];

    #[inline(always)]
    fn judge([candle]: [Candle; 1], _: f64) -> f64 {
        if all!(candle.lower() > 2.0 * candle.body(), candle.is_doji(), candle.lacks_upper()) { 100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 102, 101, 102]]), 100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 102, 101, 101]]), 0.0);
    }
}
