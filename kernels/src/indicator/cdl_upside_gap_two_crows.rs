//! Upside gap two crows: two black candles above a gap, the second around the first.
//!
//! Gives -100 where a long white candle is followed by a black one that is not long with its body above, and by a black
//! one whose body strictly holds the second and closes above the first close. Equals TA-Lib `CDLUPSIDEGAP2CROWS`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlupsidegap2crows"],
    summary: "Upside gap two crows: two black candles above a gap, the second around the first.",
    formula: "-100 where a long white candle is followed by a black one that is not long with its body above, and by a black one whose body strictly holds the second and closes above the first close. White: a close not below the open. Long: a body above the mean body of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLUPSIDEGAP2CROWS",
    example: "SELECT ts, cdl_upside_gap_two_crows(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<UpsideGapTwoCrows, 3>("cdl_upside_gap_two_crows")
};

struct UpsideGapTwoCrows;

impl Pattern<3> for UpsideGapTwoCrows {
    const LOOKBACK: usize = 12;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], _: f64) -> f64 {
        let falls = all!(
            first.is_white(),
            second.is_black(),
            third.is_black(),
            second.body_is_above(&first),
            third.open > second.open,
            third.close < second.close,
            third.close > first.close,
            first.is_long(),
            !second.is_long()
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
        assert_eq!(after_calm(&DEF, &[[106, 109, 106, 109], [115, 115, 113, 113], [116, 116, 111, 112]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[106, 109, 106, 109], [115, 115, 113, 113], [116, 116, 111, 113]]), 0.0);
    }
}
