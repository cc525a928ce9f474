//! Rising or falling three methods: a long candle, three small ones against it, and a long one that resumes.
//!
//! Gives 100 where a long white candle is followed by three short black ones with falling closes, whose bodies reach
//! into its range, and by a long white one that opens above the close before and closes above the first close; -100 for
//! the mirror image. Equals TA-Lib `CDLRISEFALL3METHODS`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlrisefall3methods"],
    summary: "Rising or falling three methods: a long candle, three small ones against it, and a long one that resumes.",
    formula: "100 where a long white candle is followed by three short black ones with falling closes, whose bodies reach into its range, and by a long white one that opens above the close before and closes above the first close; -100 for the mirror image. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. Short: a body below the mean body of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLRISEFALL3METHODS",
    example: "SELECT ts, cdl_rise_fall_three_methods(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<RiseFallThreeMethods, 5>("cdl_rise_fall_three_methods")
};

struct RiseFallThreeMethods;

impl Pattern<5> for RiseFallThreeMethods {
    const LOOKBACK: usize = 14;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body];

    #[inline(always)]
    fn judge([first, second, third, fourth, fifth]: [Candle; 5], _: f64) -> f64 {
        let reaches = |small: &Candle| all!(small.bottom() < first.high, small.top() > first.low, small.is_short());
        let rises = all!(
            first.is_white(),
            second.is_black(),
            third.is_black(),
            fourth.is_black(),
            fifth.is_white(),
            third.close < second.close,
            fourth.close < third.close,
            fifth.open > fourth.close,
            fifth.close > first.close,
        );
        let falls = all!(
            first.is_black(),
            second.is_white(),
            third.is_white(),
            fourth.is_white(),
            fifth.is_black(),
            third.close > second.close,
            fourth.close > third.close,
            fifth.open < fourth.close,
            fifth.close < first.close,
        );
        let small = all!(reaches(&second), reaches(&third), reaches(&fourth));
        if all!(any!(rises, falls), small, first.is_long(), fifth.is_long()) { 100.0 * first.sign() } else { 0.0 }
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
                &[[98, 105, 94, 101], [102, 102, 99, 101], [99, 99, 98, 98], [98, 98, 97, 97], [98, 102, 94, 102]]
            ),
            100.0
        );
        assert_eq!(
            after_calm(
                &DEF,
                &[
                    [108, 108, 102, 102],
                    [105, 108, 105, 105],
                    [106, 106, 106, 106],
                    [106, 107, 106, 107],
                    [102, 102, 95, 95]
                ]
            ),
            -100.0
        );
        // Not with one price changed.
        assert_eq!(
            after_calm(
                &DEF,
                &[[98, 105, 94, 101], [102, 102, 99, 101], [99, 99, 98, 98], [98, 98, 97, 97], [98, 102, 94, 101]]
            ),
            0.0
        );
    }
}
