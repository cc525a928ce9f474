//! In-neck line: a white candle from below a long black one back to its close.
//!
//! Gives -100 where a white candle opens below the low of a long black one and closes at its close, or above it by no
//! more than what is equal. Equals TA-Lib `CDLINNECK`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlinneck"],
    summary: "In-neck line: a white candle from below a long black one back to its close.",
    formula: "-100 where a white candle opens below the low of a long black one and closes at its close, or above it by no more than what is equal. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. Equal: within 0.05 of the mean range of the 5 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLINNECK",
    example: "SELECT ts, cdl_in_neck(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<InNeck, 2>("cdl_in_neck")
};

struct InNeck;

impl Pattern<2> for InNeck {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Recent];

    #[inline(always)]
    fn judge([first, second]: [Candle; 2], _: f64) -> f64 {
        let necks = all!(
            first.is_black(),
            second.is_white(),
            second.open < first.low,
            second.close >= first.close,
            first.equal(second.close, first.close),
            first.is_long()
        );
        if necks { -100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[103, 103, 99, 99], [98, 99, 98, 99]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[103, 103, 99, 99], [98, 99, 98, 98]]), 0.0);
    }
}
