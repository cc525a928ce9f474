//! Three outside up or down: an engulfing pattern that the next candle confirms.
//!
//! Gives 100 where the body of a white candle strictly holds the black one before it and the next close is higher; -100
//! where a black body holds the white one before it and the next close is lower. Equals TA-Lib `CDL3OUTSIDE`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdl3outside"],
    summary: "Three outside up or down: an engulfing pattern that the next candle confirms.",
    formula: "100 where the body of a white candle strictly holds the black one before it and the next close is higher; -100 where a black body holds the white one before it and the next close is lower. White: a close not below the open.",
    source: "Morris, Candlestick Charting Explained, 1995; TA-Lib CDL3OUTSIDE",
    example: "SELECT ts, cdl_three_outside(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<ThreeOutside, 3>("cdl_three_outside")
};

struct ThreeOutside;

impl Pattern<3> for ThreeOutside {
    const LOOKBACK: usize = 3;
    const YARDSTICKS: &'static [Yardstick] = &[];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], _: f64) -> f64 {
        let rises = all!(
            first.is_black(),
            second.is_white(),
            second.close > first.open,
            second.open < first.close,
            third.close > second.close
        );
        let falls = all!(
            first.is_white(),
            second.is_black(),
            second.open > first.close,
            second.close < first.open,
            third.close < second.close
        );
        if any!(rises, falls) { 100.0 * second.sign() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 104, 101, 101], [100, 103, 100, 103], [108, 108, 108, 108]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[103, 103, 99, 99], [98, 98, 98, 98]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 104, 101, 101], [100, 103, 100, 102], [108, 108, 108, 108]]), 0.0);
    }
}
