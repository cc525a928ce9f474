//! Harami: a small body inside the long body before it.
//!
//! Gives 100 where the body of a candle that is not long lies inside that of the long black one before it, -100 inside
//! a long white one; 80 and -80 where the bodies share an end. Equals TA-Lib `CDLHARAMI`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlharami"],
    summary: "Harami: a small body inside the long body before it.",
    formula: "100 where the body of a candle that is not long lies inside that of the long black one before it, -100 inside a long white one; 80 and -80 where the bodies share an end. White: a close not below the open. Long: a body above the mean body of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLHARAMI",
    example: "SELECT ts, cdl_harami(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<Harami, 2>("cdl_harami")
};

struct Harami;

impl Pattern<2> for Harami {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body];

    #[inline(always)]
    fn judge([first, second]: [Candle; 2], _: f64) -> f64 {
        let strictly = all!(second.top() < first.top(), second.bottom() > first.bottom());
        let inside =
            all!(second.top() <= first.top(), second.bottom() >= first.bottom(), first.is_long(), !second.is_long());
        let strength = if strictly { -100.0 } else { -80.0 };
        if inside { strength * first.sign() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[103, 103, 100, 100], [101, 101, 101, 101]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[102, 102, 99, 99], [99, 99, 99, 99]]), 80.0);
        assert_eq!(after_calm(&DEF, &[[102, 105, 102, 105], [105, 105, 105, 105]]), -80.0);
        assert_eq!(after_calm(&DEF, &[[103, 106, 103, 106], [104, 104, 104, 104]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[103, 103, 100, 101], [101, 101, 101, 101]]), 0.0);
    }
}
