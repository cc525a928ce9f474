//! Matching low: two black candles with equal closes.
//!
//! Gives 100 where two black candles in a row have equal closes. Equals TA-Lib `CDLMATCHINGLOW`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlmatchinglow"],
    summary: "Matching low: two black candles with equal closes.",
    formula: "100 where two black candles in a row have equal closes. White: a close not below the open. Equal: within 0.05 of the mean range of the 5 bars before it.",
    source: "Morris, Candlestick Charting Explained, 1995; TA-Lib CDLMATCHINGLOW",
    example: "SELECT ts, cdl_matching_low(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<MatchingLow, 2>("cdl_matching_low")
};

struct MatchingLow;

impl Pattern<2> for MatchingLow {
    const LOOKBACK: usize = 6;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Recent];

    #[inline(always)]
    fn judge([first, second]: [Candle; 2], _: f64) -> f64 {
        let matches = all!(first.is_black(), second.is_black(), first.equal(second.close, first.close));
        if matches { 100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[101, 102, 100, 100], [101, 101, 100, 100]]), 100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[101, 102, 100, 100], [101, 101, 99, 99]]), 0.0);
    }
}
