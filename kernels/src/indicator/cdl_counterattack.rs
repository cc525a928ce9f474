//! Counterattack lines: two long candles of opposite colour with equal closes.
//!
//! Gives 100 for a long black candle and a long white one with an equal close, -100 for a white and a black one. Equals
//! TA-Lib `CDLCOUNTERATTACK`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlcounterattack"],
    summary: "Counterattack lines: two long candles of opposite colour with equal closes.",
    formula: "100 for a long black candle and a long white one with an equal close, -100 for a white and a black one. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. Equal: within 0.05 of the mean range of the 5 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLCOUNTERATTACK",
    example: "SELECT ts, cdl_counterattack(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<Counterattack, 2>("cdl_counterattack")
};

struct Counterattack;

impl Pattern<2> for Counterattack {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Recent];

    #[inline(always)]
    fn judge([first, second]: [Candle; 2], _: f64) -> f64 {
        let meets = all!(
            first.is_white() != second.is_white(),
            first.equal(second.close, first.close),
            first.is_long(),
            second.is_long(),
        );
        if meets { 100.0 * second.sign() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[103, 103, 100, 100], [97, 100, 97, 100]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[101, 104, 101, 104], [107, 108, 104, 104]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[103, 103, 100, 100], [97, 100, 97, 99]]), 0.0);
    }
}
