//! Doji star: a doji with a gap to the body of a long candle.
//!
//! Gives -100 for a doji above the body of a long white candle, 100 for one below the body of a long black candle.
//! Equals TA-Lib `CDLDOJISTAR`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdldojistar"],
    summary: "Doji star: a doji with a gap to the body of a long candle.",
    formula: "-100 for a doji above the body of a long white candle, 100 for one below the body of a long black candle. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. Doji: a body up to 0.1 of the mean range of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLDOJISTAR",
    example: "SELECT ts, cdl_doji_star(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<DojiStar, 2>("cdl_doji_star")
};

struct DojiStar;

impl Pattern<2> for DojiStar {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range];

    #[inline(always)]
    fn judge([first, second]: [Candle; 2], _: f64) -> f64 {
        let gaps = any!(
            all!(first.is_white(), second.body_is_above(&first)),
            all!(first.is_black(), second.body_is_below(&first)),
        );
        if all!(gaps, first.is_long(), second.is_doji()) { -100.0 * first.sign() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 102, 99, 99], [98, 98, 98, 98]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[102, 105, 102, 105], [106, 106, 106, 106]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 102, 99, 99], [98, 98, 97, 97]]), 0.0);
    }
}
