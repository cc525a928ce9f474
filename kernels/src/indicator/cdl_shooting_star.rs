//! Shooting star: a small body below a long upper shadow, above the body before.
//!
//! Gives -100 for a short body with an upper shadow longer than it and no lower shadow, above the body of the bar
//! before with a gap. Equals TA-Lib `CDLSHOOTINGSTAR`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlshootingstar"],
    summary: "Shooting star: a small body below a long upper shadow, above the body before.",
    formula: "-100 for a short body with an upper shadow longer than it and no lower shadow, above the body of the bar before with a gap. Short: a body below the mean body of the 10 bars before it. No shadow: one below 0.1 of the mean range of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLSHOOTINGSTAR",
    example: "SELECT ts, cdl_shooting_star(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<ShootingStar, 2>("cdl_shooting_star")
};

struct ShootingStar;

impl Pattern<2> for ShootingStar {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range];

    #[inline(always)]
    fn judge([before, candle]: [Candle; 2], _: f64) -> f64 {
        let falls = all!(
            candle.body_is_above(&before),
            candle.upper() > candle.body(),
            candle.is_short(),
            candle.lacks_lower()
        );
        if falls { -100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[103, 104, 103, 103]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[103, 104, 102, 102]]), 0.0);
    }
}
