//! Hanging man: a small body above a long lower shadow, near the high before.
//!
//! Gives -100 for a short body with a lower shadow longer than it and no upper shadow, whose lower end is above the
//! high of the bar before or near it. Equals TA-Lib `CDLHANGINGMAN`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlhangingman"],
    summary: "Hanging man: a small body above a long lower shadow, near the high before.",
    formula: "-100 for a short body with a lower shadow longer than it and no upper shadow, whose lower end is above the high of the bar before or near it. White: a close not below the open. Short: a body below the mean body of the 10 bars before it. No shadow: one below 0.1 of the mean range of the 10 bars before it. Near: within 0.2 of the mean range of the 5 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLHANGINGMAN",
    example: "SELECT ts, cdl_hanging_man(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<HangingMan, 2>("cdl_hanging_man")
};

struct HangingMan;

impl Pattern<2> for HangingMan {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range, Yardstick::Recent];

    #[inline(always)]
    fn judge([before, candle]: [Candle; 2], _: f64) -> f64 {
        let hangs = all!(
            candle.lower() > candle.body(),
            candle.is_short(),
            candle.lacks_upper(),
            candle.bottom() >= before.high - before.near()
        );
        if hangs { -100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[103, 103, 102, 103]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[103, 103, 102, 102]]), 0.0);
    }
}
