//! Kicking, with the direction of the longer of the two marubozu.
//!
//! The pattern of `cdl_kicking`, but 100 where the candle with the longer body is white and -100 where it is black; the
//! first counts if they are of one length. Equals TA-Lib `CDLKICKINGBYLENGTH`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlkickingbylength"],
    summary: "Kicking, with the direction of the longer of the two marubozu.",
    formula: "The pattern of cdl_kicking, but 100 where the candle with the longer body is white and -100 where it is black; the first counts if they are of one length. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. No shadow: one below 0.1 of the mean range of the 10 bars before it.",
    source: "Morris, Candlestick Charting Explained, 1995; TA-Lib CDLKICKINGBYLENGTH",
    example: "SELECT ts, cdl_kicking_by_length(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<KickingByLength, 2>("cdl_kicking_by_length")
};

struct KickingByLength;

impl Pattern<2> for KickingByLength {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range];

    #[inline(always)]
    fn judge([first, second]: [Candle; 2], _: f64) -> f64 {
        let rises = all!(first.is_black(), second.is_white(), second.is_above(&first));
        let falls = all!(first.is_white(), second.is_black(), second.is_below(&first));
        let kicks = all!(
            any!(rises, falls),
            first.is_long(),
            first.lacks_upper(),
            first.lacks_lower(),
            second.is_long(),
            second.lacks_upper(),
            second.lacks_lower(),
        );
        let direction = if second.body() > first.body() { second.sign() } else { first.sign() };
        if kicks { 100.0 * direction } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[101, 104, 101, 104], [100, 100, 97, 97]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[103, 103, 100, 100], [104, 107, 104, 107]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[101, 104, 101, 104], [100, 100, 97, 98]]), 0.0);
    }
}
