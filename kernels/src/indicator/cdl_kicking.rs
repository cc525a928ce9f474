//! Kicking: two marubozu of opposite colour with a gap between them.
//!
//! Gives 100 where a long black candle without shadows is followed by a long white one without shadows whose low is
//! above its high; -100 for the mirror image. Equals TA-Lib `CDLKICKING`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlkicking"],
    summary: "Kicking: two marubozu of opposite colour with a gap between them.",
    formula: "100 where a long black candle without shadows is followed by a long white one without shadows whose low is above its high; -100 for the mirror image. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. No shadow: one below 0.1 of the mean range of the 10 bars before it.",
    source: "Morris, Candlestick Charting Explained, 1995; TA-Lib CDLKICKING",
    example: "SELECT ts, cdl_kicking(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<Kicking, 2>("cdl_kicking")
};

struct Kicking;

impl Pattern<2> for Kicking {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range];

    #[inline(always)]
    fn judge([first, second]: [Candle; 2], _: f64) -> f64 {
        let rises = all!(first.is_black(), second.is_white(), second.is_above(&first));
        let falls = all!(first.is_white(), second.is_black(), second.is_below(&first));
        let kicks = all!(
            any!(rises, falls),
            first.is_long(),
            first.lacks_upper(),
            first.lacks_lower(),
            second.is_long(),
            second.lacks_upper(),
            second.lacks_lower(),
        );
        if kicks { 100.0 * second.sign() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[103, 103, 100, 100], [104, 107, 104, 107]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[101, 104, 101, 104], [100, 100, 97, 97]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[103, 103, 100, 100], [104, 107, 104, 106]]), 0.0);
    }
}
