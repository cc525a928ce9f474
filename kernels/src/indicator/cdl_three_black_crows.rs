//! Three black crows: three black candles in a row, each closing at its low, falling.
//!
//! Gives -100 where a white candle is followed by three black ones without lower shadow, each closing below the one
//! before, the later two opening inside the body before them, and the first closing below the high of the white one.
//! Equals TA-Lib `CDL3BLACKCROWS`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdl3blackcrows"],
    summary: "Three black crows: three black candles in a row, each closing at its low, falling.",
    formula: "-100 where a white candle is followed by three black ones without lower shadow, each closing below the one before, the later two opening inside the body before them, and the first closing below the high of the white one. White: a close not below the open. No shadow: one below 0.1 of the mean range of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDL3BLACKCROWS",
    example: "SELECT ts, cdl_three_black_crows(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<ThreeBlackCrows, 4>("cdl_three_black_crows")
};

struct ThreeBlackCrows;

impl Pattern<4> for ThreeBlackCrows {
    const LOOKBACK: usize = 13;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Range];

    #[inline(always)]
    fn judge([white, first, second, third]: [Candle; 4], _: f64) -> f64 {
        let falls = all!(
            white.is_white(),
            first.is_black(),
            second.is_black(),
            third.is_black(),
            second.open < first.open,
            second.open > first.close,
            third.open < second.open,
            third.open > second.close,
            white.high > first.close,
            first.close > second.close,
            second.close > third.close,
            first.lacks_lower(),
            second.lacks_lower(),
            third.lacks_lower()
        );
        if falls { -100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 102, 98, 98], [99, 99, 92, 92], [94, 94, 91, 91]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 102, 98, 98], [99, 99, 92, 92], [94, 94, 91, 92]]), 0.0);
    }
}
