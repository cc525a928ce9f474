//! Dragonfly doji: a doji with a lower shadow only.
//!
//! Gives 100 for a doji without upper shadow and with a lower one. Equals TA-Lib `CDLDRAGONFLYDOJI`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdldragonflydoji"],
    summary: "Dragonfly doji: a doji with a lower shadow only.",
    formula: "100 for a doji without upper shadow and with a lower one. Doji: a body up to 0.1 of the mean range of the 10 bars before it. No shadow: one below 0.1 of the mean range of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLDRAGONFLYDOJI",
    example: "SELECT ts, cdl_dragonfly_doji(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<DragonflyDoji, 1>("cdl_dragonfly_doji")
};

struct DragonflyDoji;

impl Pattern<1> for DragonflyDoji {
    const LOOKBACK: usize = 10;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Range];

    #[inline(always)]
    fn judge([candle]: [Candle; 1], _: f64) -> f64 {
        if all!(candle.is_doji(), candle.lacks_upper(), candle.has_lower()) { 100.0 } else { 0.0 }
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
