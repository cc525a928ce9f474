//! Upside or downside gap three methods: a candle that closes the gap between two of the other colour.
//!
//! Gives 100 where two white candles leave a gap between their bodies, the second above, and a black one opens inside
//! the second body and closes inside the first; -100 where two black ones fall with a gap and a white one closes it.
//! Equals TA-Lib `CDLXSIDEGAP3METHODS`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlxsidegap3methods"],
    summary: "Upside or downside gap three methods: a candle that closes the gap between two of the other colour.",
    formula: "100 where two white candles leave a gap between their bodies, the second above, and a black one opens inside the second body and closes inside the first; -100 where two black ones fall with a gap and a white one closes it. White: a close not below the open.",
    source: "Morris, Candlestick Charting Explained, 1995; TA-Lib CDLXSIDEGAP3METHODS",
    example: "SELECT ts, cdl_gap_three_methods(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<GapThreeMethods, 3>("cdl_gap_three_methods")
};

struct GapThreeMethods;

impl Pattern<3> for GapThreeMethods {
    const LOOKBACK: usize = 2;
    const YARDSTICKS: &'static [Yardstick] = &[];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], _: f64) -> f64 {
        let gaps = any!(
            all!(first.is_white(), second.body_is_above(&first)),
            all!(first.is_black(), second.body_is_below(&first)),
        );
        let closes = all!(
            first.is_white() == second.is_white(),
            third.is_white() != second.is_white(),
            third.open < second.top(),
            third.open > second.bottom(),
            third.close < first.top(),
            third.close > first.bottom(),
        );
        if all!(gaps, closes) { 100.0 * first.sign() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[103, 106, 103, 106], [105, 105, 101, 101]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[103, 103, 100, 101], [100, 101, 97, 97], [98, 102, 98, 102]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[103, 106, 103, 106], [105, 105, 100, 100]]), 0.0);
    }
}
