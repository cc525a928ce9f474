//! Evening doji star: a doji above a long white candle, and a black candle back into its body.
//!
//! Gives -100 where a long white candle is followed by a doji above its body and by a long black candle that closes
//! below the first close by more than `penetration` times the first body. Equals TA-Lib `CDLEVENINGDOJISTAR`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern, penetration};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdleveningdojistar"],
    params: &[penetration(0.3)],
    summary: "Evening doji star: a doji above a long white candle, and a black candle back into its body.",
    formula: "-100 where a long white candle is followed by a doji above its body and by a long black candle that closes below the first close by more than penetration times the first body. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. Doji: a body up to 0.1 of the mean range of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLEVENINGDOJISTAR",
    example: "SELECT ts, cdl_evening_doji_star(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<EveningDojiStar, 3>("cdl_evening_doji_star")
};

struct EveningDojiStar;

impl Pattern<3> for EveningDojiStar {
    const LOOKBACK: usize = 12;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], penetration: f64) -> f64 {
        let falls = all!(
            first.is_white(),
            third.is_black(),
            second.body_is_above(&first),
            third.close < first.close - first.body() * penetration,
            first.is_long(),
            second.is_doji(),
            third.is_long()
        );
        if falls { -100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[104, 107, 104, 107], [108, 108, 108, 108], [107, 107, 102, 102]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[104, 107, 104, 107], [108, 108, 107, 107], [107, 107, 102, 102]]), 0.0);
    }
}
