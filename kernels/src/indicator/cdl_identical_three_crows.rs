//! Identical three crows: three falling black candles, each opening at the close before.
//!
//! Gives -100 where three black candles without lower shadow close lower each time and the later two open at a price
//! equal to the close before. Equals TA-Lib `CDLIDENTICAL3CROWS`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlidentical3crows"],
    summary: "Identical three crows: three falling black candles, each opening at the close before.",
    formula: "-100 where three black candles without lower shadow close lower each time and the later two open at a price equal to the close before. White: a close not below the open. No shadow: one below 0.1 of the mean range of the 10 bars before it. Equal: within 0.05 of the mean range of the 5 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLIDENTICAL3CROWS",
    example: "SELECT ts, cdl_identical_three_crows(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<IdenticalThreeCrows, 3>("cdl_identical_three_crows")
};

struct IdenticalThreeCrows;

impl Pattern<3> for IdenticalThreeCrows {
    const LOOKBACK: usize = 12;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Range, Yardstick::Recent];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], _: f64) -> f64 {
        let falls = all!(
            first.is_black(),
            second.is_black(),
            third.is_black(),
            first.close > second.close,
            second.close > third.close,
            first.equal(second.open, first.close),
            second.equal(third.open, second.close),
            first.lacks_lower(),
            second.lacks_lower(),
            third.lacks_lower()
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
        assert_eq!(after_calm(&DEF, &[[99, 99, 96, 96], [96, 96, 93, 93], [93, 93, 86, 86]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[99, 99, 96, 96], [96, 96, 93, 93], [93, 93, 86, 87]]), 0.0);
    }
}
