//! Three inside up or down: a harami that the next candle confirms.
//!
//! Gives 100 where a long black candle holds the body of the next one, which is not long, strictly inside its own, and
//! a white candle closes above its open; -100 for a long white candle and a black one that closes below its open.
//! Equals TA-Lib `CDL3INSIDE`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdl3inside"],
    summary: "Three inside up or down: a harami that the next candle confirms.",
    formula: "100 where a long black candle holds the body of the next one, which is not long, strictly inside its own, and a white candle closes above its open; -100 for a long white candle and a black one that closes below its open. White: a close not below the open. Long: a body above the mean body of the 10 bars before it.",
    source: "Morris, Candlestick Charting Explained, 1995; TA-Lib CDL3INSIDE",
    example: "SELECT ts, cdl_three_inside(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<ThreeInside, 3>("cdl_three_inside")
};

struct ThreeInside;

impl Pattern<3> for ThreeInside {
    const LOOKBACK: usize = 12;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], _: f64) -> f64 {
        let inside = all!(second.top() < first.top(), second.bottom() > first.bottom());
        let rises = all!(first.is_black(), third.is_white(), third.close > first.open);
        let falls = all!(first.is_white(), third.is_black(), third.close < first.open);
        if all!(inside, any!(rises, falls), first.is_long(), !second.is_long()) { -100.0 * first.sign() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 103, 99, 99], [100, 100, 100, 100], [106, 106, 106, 106]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[103, 106, 103, 106], [105, 105, 105, 105], [103, 103, 98, 98]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 103, 99, 99], [100, 100, 100, 100], [106, 106, 105, 105]]), 0.0);
    }
}
