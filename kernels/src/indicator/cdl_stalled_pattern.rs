//! Stalled pattern: two long white candles, and a small one at the end of the advance.
//!
//! Gives -100 where three white candles close higher each time, the first two are long, the second has no upper shadow
//! and opens inside or near the first body, and the third is short and opens near the second close less its own body,
//! or above. Equals TA-Lib `CDLSTALLEDPATTERN`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlstalledpattern"],
    summary: "Stalled pattern: two long white candles, and a small one at the end of the advance.",
    formula: "-100 where three white candles close higher each time, the first two are long, the second has no upper shadow and opens inside or near the first body, and the third is short and opens near the second close less its own body, or above. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. Short: a body below the mean body of the 10 bars before it. No shadow: one below 0.1 of the mean range of the 10 bars before it. Near: within 0.2 of the mean range of the 5 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLSTALLEDPATTERN",
    example: "SELECT ts, cdl_stalled_pattern(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<StalledPattern, 3>("cdl_stalled_pattern")
};

struct StalledPattern;

impl Pattern<3> for StalledPattern {
    const LOOKBACK: usize = 12;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range, Yardstick::Recent];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], _: f64) -> f64 {
        let stalls = all!(
            first.is_white(),
            second.is_white(),
            third.is_white(),
            third.close > second.close,
            second.close > first.close,
            second.open > first.open,
            second.open <= first.close + first.near(),
            third.open >= second.close - third.body() - second.near(),
            first.is_long(),
            second.is_long(),
            second.lacks_upper(),
            third.is_short()
        );
        if stalls { -100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[106, 109, 106, 109], [108, 112, 108, 112], [114, 114, 114, 114]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[106, 109, 106, 109], [108, 112, 108, 112], [114, 114, 113, 113]]), 0.0);
    }
}
