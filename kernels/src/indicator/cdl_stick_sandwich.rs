//! Stick sandwich: a white candle between two black ones with equal closes.
//!
//! Gives 100 where a black candle is followed by a white one whose low is above its close, and by a black one that
//! closes equal to the first. Equals TA-Lib `CDLSTICKSANDWICH`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlsticksandwich"],
    summary: "Stick sandwich: a white candle between two black ones with equal closes.",
    formula: "100 where a black candle is followed by a white one whose low is above its close, and by a black one that closes equal to the first. White: a close not below the open. Equal: within 0.05 of the mean range of the 5 bars before it.",
    source: "Morris, Candlestick Charting Explained, 1995; TA-Lib CDLSTICKSANDWICH",
    example: "SELECT ts, cdl_stick_sandwich(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<StickSandwich, 3>("cdl_stick_sandwich")
};

struct StickSandwich;

impl Pattern<3> for StickSandwich {
    const LOOKBACK: usize = 7;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Recent];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], _: f64) -> f64 {
        let sandwiches = all!(
            first.is_black(),
            second.is_white(),
            third.is_black(),
            second.low > first.close,
            first.equal(third.close, first.close)
        );
        if sandwiches { 100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[103, 103, 100, 100], [102, 102, 102, 102], [101, 101, 100, 100]]), 100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[103, 103, 100, 100], [102, 102, 102, 102], [101, 101, 99, 99]]), 0.0);
    }
}
