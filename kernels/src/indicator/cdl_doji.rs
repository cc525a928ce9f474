//! Doji: open and close are about the same.
//!
//! Gives 100 for a doji, which speaks for no direction. Equals TA-Lib `CDLDOJI`.

use super::def::Indicator;
use super::pattern::{Pattern, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdldoji"],
    summary: "Doji: open and close are about the same.",
    formula: "100 for a doji, which speaks for no direction. Doji: a body up to 0.1 of the mean range of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLDOJI",
    example: "SELECT ts, cdl_doji(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<Doji, 1>("cdl_doji")
};

struct Doji;

impl Pattern<1> for Doji {
    const LOOKBACK: usize = 10;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Range];

    #[inline(always)]
    fn judge([candle]: [Candle; 1], _: f64) -> f64 {
        if candle.is_doji() { 100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 102, 102, 102]]), 100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 102, 101, 101]]), 0.0);
    }
}
