//! Concealing baby swallow: four black candles, the last of which swallows the third with its shadow.
//!
//! Gives 100 where two black candles without shadows are followed by a black one whose body lies below the second with
//! a gap but whose upper shadow reaches into that body, and by a black one whose range holds that of the third. Equals
//! TA-Lib `CDLCONCEALBABYSWALL`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlconcealbabyswall"],
    summary: "Concealing baby swallow: four black candles, the last of which swallows the third with its shadow.",
    formula: "100 where two black candles without shadows are followed by a black one whose body lies below the second with a gap but whose upper shadow reaches into that body, and by a black one whose range holds that of the third. White: a close not below the open. No shadow: one below 0.1 of the mean range of the 10 bars before it.",
    source: "Morris, Candlestick Charting Explained, 1995; TA-Lib CDLCONCEALBABYSWALL",
    example: "SELECT ts, cdl_concealing_baby_swallow(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<ConcealingBabySwallow, 4>("cdl_concealing_baby_swallow")
};

struct ConcealingBabySwallow;

impl Pattern<4> for ConcealingBabySwallow {
    const LOOKBACK: usize = 13;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Range];

    #[inline(always)]
    fn judge([first, second, third, fourth]: [Candle; 4], _: f64) -> f64 {
        let swallows = all!(
            first.is_black(),
            second.is_black(),
            third.is_black(),
            fourth.is_black(),
            third.body_is_below(&second),
            third.high > second.close,
            fourth.high > third.high,
            fourth.low < third.low,
            first.lacks_lower(),
            first.lacks_upper(),
            second.lacks_lower(),
            second.lacks_upper(),
            third.has_upper()
        );
        if swallows { 100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[98, 98, 95, 95], [93, 93, 91, 91], [90, 92, 89, 89], [90, 94, 88, 89]]), 100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[98, 98, 95, 95], [93, 93, 91, 91], [90, 92, 89, 89], [90, 94, 88, 90]]), 0.0);
    }
}
