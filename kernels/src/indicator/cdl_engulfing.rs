//! Engulfing pattern: a body that holds the body of opposite colour before it.
//!
//! Gives 100 where the body of a white candle holds the body of the black one before it, -100 where a black one holds a
//! white one; 80 and -80 where the bodies share one end, 0 where they share both. Equals TA-Lib `CDLENGULFING`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlengulfing"],
    summary: "Engulfing pattern: a body that holds the body of opposite colour before it.",
    formula: "100 where the body of a white candle holds the body of the black one before it, -100 where a black one holds a white one; 80 and -80 where the bodies share one end, 0 where they share both. White: a close not below the open.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLENGULFING",
    example: "SELECT ts, cdl_engulfing(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<Engulfing, 2>("cdl_engulfing")
};

struct Engulfing;

impl Pattern<2> for Engulfing {
    const LOOKBACK: usize = 2;
    const YARDSTICKS: &'static [Yardstick] = &[];

    #[inline(always)]
    fn judge([first, second]: [Candle; 2], _: f64) -> f64 {
        let rises = all!(first.is_black(), second.is_white(), second.close >= first.open, second.open <= first.close);
        let falls = all!(first.is_white(), second.is_black(), second.open >= first.close, second.close <= first.open);
        let [shares_open, shares_close] = [second.close == first.open, second.open == first.close];
        let engulfs = all!(any!(rises, falls), !all!(shares_open, shares_close));
        let strength = if any!(shares_open, shares_close) { 80.0 } else { 100.0 };
        if engulfs { strength * second.sign() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 102, 101, 101], [100, 103, 100, 103]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[99, 99, 98, 98], [98, 100, 98, 100]]), 80.0);
        assert_eq!(after_calm(&DEF, &[[102, 102, 99, 99]]), -80.0);
        assert_eq!(after_calm(&DEF, &[[103, 103, 99, 99]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 102, 101, 102], [100, 103, 100, 103]]), 0.0);
    }
}
