//! Hammer: a small body above a long lower shadow, near the low before.
//!
//! Gives 100 for a short body with a lower shadow longer than it and no upper shadow, whose lower end is below the low
//! of the bar before or near it. Equals TA-Lib `CDLHAMMER`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlhammer"],
    summary: "Hammer: a small body above a long lower shadow, near the low before.",
    formula: "100 for a short body with a lower shadow longer than it and no upper shadow, whose lower end is below the low of the bar before or near it. White: a close not below the open. Short: a body below the mean body of the 10 bars before it. No shadow: one below 0.1 of the mean range of the 10 bars before it. Near: within 0.2 of the mean range of the 5 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLHAMMER",
    example: "SELECT ts, cdl_hammer(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<Hammer, 2>("cdl_hammer")
};

struct Hammer;

impl Pattern<2> for Hammer {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range, Yardstick::Recent];

    #[inline(always)]
    fn judge([before, candle]: [Candle; 2], _: f64) -> f64 {
        let hammers = all!(
            candle.lower() > candle.body(),
            candle.is_short(),
            candle.lacks_upper(),
            candle.bottom() <= before.low + before.near()
        );
        if hammers { 100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[99, 99, 98, 99]]), 100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[99, 99, 98, 98]]), 0.0);
    }
}
