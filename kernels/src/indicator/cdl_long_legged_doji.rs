//! Long-legged doji: a doji with a long shadow.
//!
//! Gives 100 for a doji with at least one shadow longer than its body, which speaks for no direction. Equals TA-Lib
//! `CDLLONGLEGGEDDOJI`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdllongleggeddoji"],
    summary: "Long-legged doji: a doji with a long shadow.",
    formula: "100 for a doji with at least one shadow longer than its body, which speaks for no direction. Doji: a body up to 0.1 of the mean range of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLLONGLEGGEDDOJI",
    example: "SELECT ts, cdl_long_legged_doji(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<LongLeggedDoji, 1>("cdl_long_legged_doji")
};

struct LongLeggedDoji;

impl Pattern<1> for LongLeggedDoji {
    const LOOKBACK: usize = 10;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Range];

    #[inline(always)]
    fn judge([candle]: [Candle; 1], _: f64) -> f64 {
        let has_leg = any!(candle.lower() > candle.body(), candle.upper() > candle.body());
        if all!(has_leg, candle.is_doji()) { 100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 103, 102, 102]]), 100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 103, 101, 101]]), 0.0);
    }
}
