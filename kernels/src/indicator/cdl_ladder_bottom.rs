//! Ladder bottom: three falling black candles, one with an upper shadow, and a white one above it.
//!
//! Gives 100 where three black candles with lower opens and lower closes each are followed by a black one with an upper
//! shadow and by a white one that opens above its open and closes above its high. Equals TA-Lib `CDLLADDERBOTTOM`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlladderbottom"],
    summary: "Ladder bottom: three falling black candles, one with an upper shadow, and a white one above it.",
    formula: "100 where three black candles with lower opens and lower closes each are followed by a black one with an upper shadow and by a white one that opens above its open and closes above its high. White: a close not below the open. No shadow: one below 0.1 of the mean range of the 10 bars before it.",
    source: "Morris, Candlestick Charting Explained, 1995; TA-Lib CDLLADDERBOTTOM",
    example: "SELECT ts, cdl_ladder_bottom(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<LadderBottom, 5>("cdl_ladder_bottom")
};

struct LadderBottom;

impl Pattern<5> for LadderBottom {
    const LOOKBACK: usize = 14;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Range];

    #[inline(always)]
    fn judge([first, second, third, fourth, fifth]: [Candle; 5], _: f64) -> f64 {
        let climbs = all!(
            first.is_black(),
            second.is_black(),
            third.is_black(),
            fourth.is_black(),
            fifth.is_white(),
            first.open > second.open,
            second.open > third.open,
            first.close > second.close,
            second.close > third.close,
            fifth.open > fourth.open,
            fifth.close > fourth.high,
            fourth.has_upper()
        );
        if climbs { 100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(
            after_calm(
                &DEF,
                &[[101, 101, 100, 100], [99, 99, 92, 94], [94, 94, 89, 89], [88, 91, 87, 87], [92, 96, 92, 92]]
            ),
            100.0
        );
        // Not with one price changed.
        assert_eq!(
            after_calm(
                &DEF,
                &[[101, 101, 100, 100], [99, 99, 92, 94], [94, 94, 89, 89], [88, 91, 87, 87], [92, 96, 91, 91]]
            ),
            0.0
        );
    }
}
