//! Evening star: a small body above a long white candle, and a black candle back into its body.
//!
//! Gives -100 where a long white candle is followed by one that is not long with its body above, and by a long black
//! candle that closes below the first close by more than `penetration` times the first body. Equals TA-Lib
//! `CDLEVENINGSTAR`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern, penetration};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdleveningstar"],
    params: &[penetration(0.3)],
    summary: "Evening star: a small body above a long white candle, and a black candle back into its body.",
    formula: "-100 where a long white candle is followed by one that is not long with its body above, and by a long black candle that closes below the first close by more than penetration times the first body. White: a close not below the open. Long: a body above the mean body of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLEVENINGSTAR",
    example: "SELECT ts, cdl_evening_star(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<EveningStar, 3>("cdl_evening_star")
};

struct EveningStar;

impl Pattern<3> for EveningStar {
    const LOOKBACK: usize = 12;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], penetration: f64) -> f64 {
        let falls = all!(
            first.is_white(),
            third.is_black(),
            second.body_is_above(&first),
            third.close < first.close - first.body() * penetration,
            first.is_long(),
            !second.is_long(),
            third.is_long()
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
        assert_eq!(after_calm(&DEF, &[[102, 105, 102, 105], [106, 107, 106, 107], [108, 108, 104, 104]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 105, 102, 105], [106, 107, 106, 107], [108, 108, 104, 105]]), 0.0);
    }
}
