//! On-neck line: a white candle from below a long black one back to its low.
//!
//! Gives -100 where a white candle opens below the low of a long black one and closes equal to that low. Equals TA-Lib
//! `CDLONNECK`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlonneck"],
    summary: "On-neck line: a white candle from below a long black one back to its low.",
    formula: "-100 where a white candle opens below the low of a long black one and closes equal to that low. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. Equal: within 0.05 of the mean range of the 5 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLONNECK",
    example: "SELECT ts, cdl_on_neck(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<OnNeck, 2>("cdl_on_neck")
};

struct OnNeck;

impl Pattern<2> for OnNeck {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Recent];

    #[inline(always)]
    fn judge([first, second]: [Candle; 2], _: f64) -> f64 {
        let necks = all!(
            first.is_black(),
            second.is_white(),
            second.open < first.low,
            first.equal(second.close, first.low),
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
