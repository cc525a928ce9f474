//! Thrusting line: a white candle from below a long black one into the lower half of its body.
//!
//! Gives -100 where a white candle opens below the low of a long black one and closes above its close by more than what
//! is equal, up to the middle of its body. Equals TA-Lib `CDLTHRUSTING`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlthrusting"],
    summary: "Thrusting line: a white candle from below a long black one into the lower half of its body.",
    formula: "-100 where a white candle opens below the low of a long black one and closes above its close by more than what is equal, up to the middle of its body. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. Equal: within 0.05 of the mean range of the 5 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLTHRUSTING",
    example: "SELECT ts, cdl_thrusting(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<Thrusting, 2>("cdl_thrusting")
};

struct Thrusting;

impl Pattern<2> for Thrusting {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Recent];

    #[inline(always)]
    fn judge([first, second]: [Candle; 2], _: f64) -> f64 {
        let thrusts = all!(
            first.is_black(),
            second.is_white(),
            second.open < first.low,
            second.close <= first.close + first.body() * 0.5,
            second.close > first.close + first.tolerance(),
            first.is_long()
        );
        if thrusts { -100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[101, 101, 97, 97], [96, 98, 96, 98]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[101, 101, 97, 97], [96, 98, 96, 97]]), 0.0);
    }
}
