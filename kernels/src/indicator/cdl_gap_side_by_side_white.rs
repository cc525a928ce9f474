//! Gapping side-by-side white lines: two like white candles beyond a gap.
//!
//! Gives 100 where two white candles of near sizes with equal opens both lie above the body of the candle before them,
//! -100 where both lie below it. Equals TA-Lib `CDLGAPSIDESIDEWHITE`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlgapsidesidewhite"],
    summary: "Gapping side-by-side white lines: two like white candles beyond a gap.",
    formula: "100 where two white candles of near sizes with equal opens both lie above the body of the candle before them, -100 where both lie below it. White: a close not below the open. Near: within 0.2 of the mean range of the 5 bars before it. Equal: within 0.05 of the mean range of the 5 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLGAPSIDESIDEWHITE",
    example: "SELECT ts, cdl_gap_side_by_side_white(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<GapSideBySideWhite, 3>("cdl_gap_side_by_side_white")
};

struct GapSideBySideWhite;

impl Pattern<3> for GapSideBySideWhite {
    const LOOKBACK: usize = 7;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Recent];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], _: f64) -> f64 {
        let rises = all!(second.body_is_above(&first), third.body_is_above(&first));
        let falls = all!(second.body_is_below(&first), third.body_is_below(&first));
        let near = second.near();
        let alike = all!(
            second.is_white(),
            third.is_white(),
            third.body() >= second.body() - near,
            third.body() <= second.body() + near,
            second.equal(third.open, second.open),
        );
        let direction = if rises { 100.0 } else { -100.0 };
        if all!(any!(rises, falls), alike) { direction } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[103, 103, 103, 103], [103, 103, 103, 103]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[99, 99, 99, 99], [99, 99, 99, 99]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[103, 103, 103, 103], [103, 103, 102, 102]]), 0.0);
    }
}
