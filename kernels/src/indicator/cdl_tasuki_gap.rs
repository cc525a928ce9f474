//! Tasuki gap: a candle that goes back into a gap without closing it.
//!
//! Gives 100 where a white candle lies above the body before it and a black one of near size opens inside its body and
//! closes below it, in the gap; -100 where a black candle lies below the body before it and a white one does the same
//! upwards. Equals TA-Lib `CDLTASUKIGAP`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdltasukigap"],
    summary: "Tasuki gap: a candle that goes back into a gap without closing it.",
    formula: "100 where a white candle lies above the body before it and a black one of near size opens inside its body and closes below it, in the gap; -100 where a black candle lies below the body before it and a white one does the same upwards. White: a close not below the open. Near: within 0.2 of the mean range of the 5 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLTASUKIGAP",
    example: "SELECT ts, cdl_tasuki_gap(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<TasukiGap, 3>("cdl_tasuki_gap")
};

struct TasukiGap;

impl Pattern<3> for TasukiGap {
    const LOOKBACK: usize = 7;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Recent];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], _: f64) -> f64 {
        let rises = all!(
            second.body_is_above(&first),
            second.is_white(),
            third.is_black(),
            third.open < second.close,
            third.open > second.open,
            third.close < second.open,
            third.close > first.top()
        );
        let falls = all!(
            second.body_is_below(&first),
            second.is_black(),
            third.is_white(),
            third.open < second.open,
            third.open > second.close,
            third.close > second.open,
            third.close < first.bottom()
        );
        let alike = all!(any!(rises, falls), (second.body() - third.body()).abs() < second.near());
        if alike { 100.0 * second.sign() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[104, 106, 104, 106], [105, 105, 103, 103]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[98, 98, 96, 96], [97, 99, 97, 99]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[104, 106, 104, 106], [105, 105, 102, 102]]), 0.0);
    }
}
