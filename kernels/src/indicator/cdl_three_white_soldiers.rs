//! Three advancing white soldiers: three white candles in a row, each closing at its high, rising.
//!
//! Gives 100 where three white candles without upper shadow close higher each time, the later two open inside or near
//! the body before and are not far shorter than it, and the last is long. Equals TA-Lib `CDL3WHITESOLDIERS`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdl3whitesoldiers"],
    summary: "Three advancing white soldiers: three white candles in a row, each closing at its high, rising.",
    formula: "100 where three white candles without upper shadow close higher each time, the later two open inside or near the body before and are not far shorter than it, and the last is long. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. No shadow: one below 0.1 of the mean range of the 10 bars before it. Near: within 0.2 of the mean range of the 5 bars before it. Far: more than 0.6 of the mean range of the 5 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDL3WHITESOLDIERS",
    example: "SELECT ts, cdl_three_white_soldiers(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<ThreeWhiteSoldiers, 3>("cdl_three_white_soldiers")
};

struct ThreeWhiteSoldiers;

impl Pattern<3> for ThreeWhiteSoldiers {
    const LOOKBACK: usize = 12;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range, Yardstick::Recent];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], _: f64) -> f64 {
        let rises = all!(
            first.is_white(),
            second.is_white(),
            third.is_white(),
            third.close > second.close,
            second.close > first.close,
            second.open > first.open,
            third.open > second.open,
            second.open <= first.close + first.near(),
            third.open <= second.close + second.near(),
            first.lacks_upper(),
            second.lacks_upper(),
            third.lacks_upper(),
            second.body() > first.body() - first.far(),
            third.body() > second.body() - second.far(),
            third.is_long()
        );
        if rises { 100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[101, 104, 100, 104], [102, 105, 102, 105], [103, 106, 103, 106]]), 100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[101, 104, 100, 104], [102, 105, 102, 105], [103, 106, 103, 105]]), 0.0);
    }
}
