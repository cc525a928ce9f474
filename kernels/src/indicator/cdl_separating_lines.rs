//! Separating lines: two candles of opposite colour with equal opens.
//!
//! Gives 100 for a black candle and a long white one with an equal open and no lower shadow, -100 for a white candle
//! and a long black one without upper shadow. Equals TA-Lib `CDLSEPARATINGLINES`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlseparatinglines"],
    summary: "Separating lines: two candles of opposite colour with equal opens.",
    formula: "100 for a black candle and a long white one with an equal open and no lower shadow, -100 for a white candle and a long black one without upper shadow. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. No shadow: one below 0.1 of the mean range of the 10 bars before it. Equal: within 0.05 of the mean range of the 5 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLSEPARATINGLINES",
    example: "SELECT ts, cdl_separating_lines(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<SeparatingLines, 2>("cdl_separating_lines")
};

struct SeparatingLines;

impl Pattern<2> for SeparatingLines {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range, Yardstick::Recent];

    #[inline(always)]
    fn judge([first, second]: [Candle; 2], _: f64) -> f64 {
        let rises = all!(first.is_black(), second.is_white(), second.lacks_lower());
        let falls = all!(first.is_white(), second.is_black(), second.lacks_upper());
        let separates = all!(any!(rises, falls), first.equal(second.open, first.open), second.is_long());
        if separates { 100.0 * second.sign() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[103, 103, 102, 102], [103, 106, 103, 105]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[100, 100, 97, 97]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[103, 103, 102, 102], [103, 106, 103, 104]]), 0.0);
    }
}
