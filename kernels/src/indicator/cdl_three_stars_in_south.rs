//! Three stars in the south: three black candles that shrink at rising lows.
//!
//! Gives 100 where a long black candle with a lower shadow longer than its body is followed by a black one with a
//! smaller body that opens within the range of the first above its close, trades below that close but not below the low
//! and has a lower shadow, and by a short black one without shadows strictly inside the range of the second. Equals TA-
//! Lib `CDL3STARSINSOUTH`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdl3starsinsouth"],
    summary: "Three stars in the south: three black candles that shrink at rising lows.",
    formula: "100 where a long black candle with a lower shadow longer than its body is followed by a black one with a smaller body that opens within the range of the first above its close, trades below that close but not below the low and has a lower shadow, and by a short black one without shadows strictly inside the range of the second. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. Short: a body below the mean body of the 10 bars before it. No shadow: one below 0.1 of the mean range of the 10 bars before it.",
    source: "Morris, Candlestick Charting Explained, 1995; TA-Lib CDL3STARSINSOUTH",
    example: "SELECT ts, cdl_three_stars_in_south(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<ThreeStarsInSouth, 3>("cdl_three_stars_in_south")
};

struct ThreeStarsInSouth;

impl Pattern<3> for ThreeStarsInSouth {
    const LOOKBACK: usize = 12;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], _: f64) -> f64 {
        let shrinks = all!(
            first.is_black(),
            second.is_black(),
            third.is_black(),
            first.lower() > first.body(),
            second.body() < first.body(),
            second.open > first.close,
            second.open <= first.high,
            second.low < first.close,
            second.low >= first.low,
            third.low > second.low,
            third.high < second.high,
            first.is_long(),
            second.has_lower(),
            third.is_short(),
            third.lacks_lower(),
            third.lacks_upper()
        );
        if shrinks { 100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[105, 108, 98, 102], [104, 104, 99, 102], [101, 101, 100, 100]]), 100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[105, 108, 98, 102], [104, 104, 99, 102], [101, 101, 99, 99]]), 0.0);
    }
}
