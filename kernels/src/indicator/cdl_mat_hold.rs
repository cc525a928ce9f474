//! Mat hold: a long white candle, three small ones that hold most of its body, and a new high close.
//!
//! Gives 100 where a long white candle is followed by a short black one above its body, by two short ones that fall
//! with it (each top below the one before) into the first body but stay above its close less `penetration` times the
//! body, and by a white one that opens above the close before and closes above the highs of all three. Equals TA-Lib
//! `CDLMATHOLD`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern, penetration};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlmathold"],
    params: &[penetration(0.5)],
    summary: "Mat hold: a long white candle, three small ones that hold most of its body, and a new high close.",
    formula: "100 where a long white candle is followed by a short black one above its body, by two short ones that fall with it (each top below the one before) into the first body but stay above its close less penetration times the body, and by a white one that opens above the close before and closes above the highs of all three. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. Short: a body below the mean body of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLMATHOLD",
    example: "SELECT ts, cdl_mat_hold(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<MatHold, 5>("cdl_mat_hold")
};

struct MatHold;

impl Pattern<5> for MatHold {
    const LOOKBACK: usize = 14;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body];

    #[inline(always)]
    fn judge([first, second, third, fourth, fifth]: [Candle; 5], penetration: f64) -> f64 {
        let floor = first.close - first.body() * penetration;
        let holds = all!(
            first.is_white(),
            second.is_black(),
            fifth.is_white(),
            second.body_is_above(&first),
            third.bottom() < first.close,
            fourth.bottom() < first.close,
            third.bottom() > floor,
            fourth.bottom() > floor,
            third.top() < second.open,
            fourth.top() < third.top(),
            fifth.open > fourth.close,
            fifth.close > second.high,
            fifth.close > third.high,
            fifth.close > fourth.high,
            first.is_long(),
            second.is_short(),
            third.is_short(),
            fourth.is_short()
        );
        if holds { 100.0 } else { 0.0 }
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
                &[
                    [104, 111, 103, 111],
                    [113, 113, 112, 112],
                    [110, 110, 109, 109],
                    [109, 112, 106, 109],
                    [114, 118, 112, 118]
                ]
            ),
            100.0
        );
        // Not with one price changed.
        assert_eq!(
            after_calm(
                &DEF,
                &[
                    [104, 111, 103, 111],
                    [113, 113, 112, 112],
                    [110, 110, 109, 109],
                    [109, 112, 106, 110],
                    [114, 118, 112, 118]
                ]
            ),
            0.0
        );
    }
}
