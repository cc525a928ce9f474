//! Morning doji star: a doji below a long black candle, and a white candle back into its body.
//!
//! Gives 100 where a long black candle is followed by a doji below its body and by a long white candle that closes
//! above the first close by more than `penetration` times the first body. Equals TA-Lib `CDLMORNINGDOJISTAR`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern, penetration};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlmorningdojistar"],
    params: &[penetration(0.3)],
    summary: "Morning doji star: a doji below a long black candle, and a white candle back into its body.",
    formula: "100 where a long black candle is followed by a doji below its body and by a long white candle that closes above the first close by more than penetration times the first body. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. Doji: a body up to 0.1 of the mean range of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLMORNINGDOJISTAR",
    example: "SELECT ts, cdl_morning_doji_star(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<MorningDojiStar, 3>("cdl_morning_doji_star")
};

struct MorningDojiStar;

impl Pattern<3> for MorningDojiStar {
    const LOOKBACK: usize = 12;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], penetration: f64) -> f64 {
        let rises = all!(
            first.is_black(),
            third.is_white(),
            second.body_is_below(&first),
            third.close > first.close + first.body() * penetration,
            first.is_long(),
            second.is_doji(),
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
        assert_eq!(after_calm(&DEF, &[[102, 102, 98, 98], [97, 97, 97, 97], [102, 105, 102, 105]]), 100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 102, 98, 98], [97, 97, 97, 97], [102, 105, 102, 104]]), 0.0);
    }
}
