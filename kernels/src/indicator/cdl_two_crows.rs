//! Two crows: a gap above a long white candle that two black candles close, falling.
//!
//! Gives -100 where a long white candle is followed by a black one whose body lies above its body, and by a black one
//! that opens inside the second body and closes inside the first. Equals TA-Lib `CDL2CROWS`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdl2crows"],
    summary: "Two crows: a gap above a long white candle that two black candles close, falling.",
    formula: "-100 where a long white candle is followed by a black one whose body lies above its body, and by a black one that opens inside the second body and closes inside the first. White: a close not below the open. Long: a body above the mean body of the 10 bars before it.",
    source: "Morris, Candlestick Charting Explained, 1995; TA-Lib CDL2CROWS",
    example: "SELECT ts, cdl_two_crows(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<TwoCrows, 3>("cdl_two_crows")
};

struct TwoCrows;

impl Pattern<3> for TwoCrows {
    const LOOKBACK: usize = 12;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], _: f64) -> f64 {
        let falls = all!(
            first.is_white(),
            second.is_black(),
            third.is_black(),
            second.body_is_above(&first),
            third.open < second.open,
            third.open > second.close,
            third.close > first.open,
            third.close < first.close,
            first.is_long()
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
        assert_eq!(after_calm(&DEF, &[[103, 107, 103, 107], [111, 111, 106, 108], [109, 110, 105, 105]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[103, 107, 103, 107], [111, 111, 106, 108], [108, 110, 105, 105]]), 0.0);
    }
}
