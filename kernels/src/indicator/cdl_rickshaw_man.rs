//! Rickshaw man: a doji in the middle of its range.
//!
//! Gives 100 for a doji with both shadows longer than its body, which holds the middle of the range or lies near it; it
//! speaks for no direction. Equals TA-Lib `CDLRICKSHAWMAN`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlrickshawman"],
    summary: "Rickshaw man: a doji in the middle of its range.",
    formula: "100 for a doji with both shadows longer than its body, which holds the middle of the range or lies near it; it speaks for no direction. White: a close not below the open. Doji: a body up to 0.1 of the mean range of the 10 bars before it. Near: within 0.2 of the mean range of the 5 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLRICKSHAWMAN",
    example: "SELECT ts, cdl_rickshaw_man(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<RickshawMan, 1>("cdl_rickshaw_man")
};

struct RickshawMan;

impl Pattern<1> for RickshawMan {
    const LOOKBACK: usize = 10;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Range, Yardstick::Recent];

    #[inline(always)]
    fn judge([candle]: [Candle; 1], _: f64) -> f64 {
        let (middle, near) = (candle.low + (candle.high - candle.low) / 2.0, candle.near());
        let balances = all!(
            candle.is_doji(),
            candle.lower() > candle.body(),
            candle.upper() > candle.body(),
            candle.bottom() <= middle + near,
            candle.top() >= middle - near,
        );
        if balances { 100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 103, 101, 102]]), 100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 103, 101, 101]]), 0.0);
    }
}
