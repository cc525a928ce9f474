//! Breakaway: after a gap and three candles in its direction, the fifth closes in the gap.
//!
//! Gives 100 where a long black candle is followed by a black one below it with a gap between the bodies, a third and a
//! fourth with lower highs and lower lows each, the fourth black, and a white one that closes in the gap; -100 for the
//! mirror image. Equals TA-Lib `CDLBREAKAWAY`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlbreakaway"],
    summary: "Breakaway: after a gap and three candles in its direction, the fifth closes in the gap.",
    formula: "100 where a long black candle is followed by a black one below it with a gap between the bodies, a third and a fourth with lower highs and lower lows each, the fourth black, and a white one that closes in the gap; -100 for the mirror image. White: a close not below the open. Long: a body above the mean body of the 10 bars before it.",
    source: "Morris, Candlestick Charting Explained, 1995; TA-Lib CDLBREAKAWAY",
    example: "SELECT ts, cdl_breakaway(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<Breakaway, 5>("cdl_breakaway")
};

struct Breakaway;

impl Pattern<5> for Breakaway {
    const LOOKBACK: usize = 14;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body];

    #[inline(always)]
    fn judge([first, second, third, fourth, fifth]: [Candle; 5], _: f64) -> f64 {
        let rises = all!(
            first.is_black(),
            second.is_black(),
            fourth.is_black(),
            fifth.is_white(),
            second.body_is_below(&first),
            third.high < second.high,
            third.low < second.low,
            fourth.high < third.high,
            fourth.low < third.low,
            fifth.close > second.open,
            fifth.close < first.close,
        );
        let falls = all!(
            first.is_white(),
            second.is_white(),
            fourth.is_white(),
            fifth.is_black(),
            second.body_is_above(&first),
            third.high > second.high,
            third.low > second.low,
            fourth.high > third.high,
            fourth.low > third.low,
            fifth.close < second.open,
            fifth.close > first.close,
        );
        if all!(any!(rises, falls), first.is_long()) { 100.0 * fifth.sign() } else { 0.0 }
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
                &[[104, 104, 98, 98], [95, 95, 89, 90], [90, 92, 88, 92], [90, 90, 84, 88], [93, 96, 92, 96]]
            ),
            100.0
        );
        assert_eq!(
            after_calm(
                &DEF,
                &[
                    [106, 110, 106, 110],
                    [116, 116, 115, 116],
                    [121, 121, 121, 121],
                    [123, 123, 123, 123],
                    [120, 120, 111, 115]
                ]
            ),
            -100.0
        );
        // Not with one price changed.
        assert_eq!(
            after_calm(
                &DEF,
                &[[104, 104, 98, 98], [95, 95, 89, 90], [90, 92, 88, 92], [90, 90, 84, 88], [93, 96, 92, 95]]
            ),
            0.0
        );
    }
}
