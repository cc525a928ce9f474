//! Piercing line: a long white candle from below a long black one into the upper half of its body.
//!
//! Gives 100 where a long white candle opens below the low of a long black one and closes inside its body, above its
//! middle. Equals TA-Lib `CDLPIERCING`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlpiercing"],
    summary: "Piercing line: a long white candle from below a long black one into the upper half of its body.",
    formula: "100 where a long white candle opens below the low of a long black one and closes inside its body, above its middle. White: a close not below the open. Long: a body above the mean body of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLPIERCING",
    example: "SELECT ts, cdl_piercing(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<Piercing, 2>("cdl_piercing")
};

struct Piercing;

impl Pattern<2> for Piercing {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body];

    #[inline(always)]
    fn judge([first, second]: [Candle; 2], _: f64) -> f64 {
        let pierces = all!(
            first.is_black(),
            second.is_white(),
            second.open < first.low,
            second.close < first.open,
            second.close > first.close + first.body() * 0.5,
            first.is_long(),
            second.is_long()
        );
        if pierces { 100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 102, 99, 99], [98, 101, 98, 101]]), 100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 102, 99, 99], [98, 101, 98, 100]]), 0.0);
    }
}
