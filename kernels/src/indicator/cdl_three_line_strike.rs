//! Three-line strike: three candles of one colour, and a fourth that takes all of them back.
//!
//! Gives 100 for three white candles with rising closes, each opening inside or near the body before, and a black one
//! that opens above the last close and closes below the first open; -100 for three black ones and a white one the other
//! way round. Equals TA-Lib `CDL3LINESTRIKE`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdl3linestrike"],
    summary: "Three-line strike: three candles of one colour, and a fourth that takes all of them back.",
    formula: "100 for three white candles with rising closes, each opening inside or near the body before, and a black one that opens above the last close and closes below the first open; -100 for three black ones and a white one the other way round. White: a close not below the open. Near: within 0.2 of the mean range of the 5 bars before it.",
    source: "Morris, Candlestick Charting Explained, 1995; TA-Lib CDL3LINESTRIKE",
    example: "SELECT ts, cdl_three_line_strike(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<ThreeLineStrike, 4>("cdl_three_line_strike")
};

struct ThreeLineStrike;

impl Pattern<4> for ThreeLineStrike {
    const LOOKBACK: usize = 8;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Recent];

    #[inline(always)]
    fn judge([first, second, third, fourth]: [Candle; 4], _: f64) -> f64 {
        let rises = all!(
            first.is_white(),
            second.is_white(),
            third.is_white(),
            fourth.is_black(),
            second.close > first.close,
            third.close > second.close,
            fourth.open > third.close,
            fourth.close < first.open,
        );
        let falls = all!(
            first.is_black(),
            second.is_black(),
            third.is_black(),
            fourth.is_white(),
            second.close < first.close,
            third.close < second.close,
            fourth.open < third.close,
            fourth.close > first.open,
        );
        let strikes = all!(any!(rises, falls), opens_near(&first, &second), opens_near(&second, &third));
        if strikes { 100.0 * third.sign() } else { 0.0 }
    }
}

/// Whether a candle opens inside the body before it, or near it.
#[inline(always)]
fn opens_near(before: &Candle, candle: &Candle) -> bool {
    let near = before.near();
    all!(candle.open >= before.bottom() - near, candle.open <= before.top() + near)
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(
            after_calm(&DEF, &[[103, 103, 103, 103], [103, 105, 103, 105], [105, 109, 105, 107], [109, 109, 102, 102]]),
            100.0
        );
        // Not with one price changed.
        assert_eq!(
            after_calm(&DEF, &[[103, 103, 103, 103], [103, 105, 103, 105], [105, 109, 105, 107], [109, 109, 102, 103]]),
            0.0
        );
    }
}
