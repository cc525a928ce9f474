//! Tri-star: three doji, the middle one beyond a gap.
//!
//! Gives 100 where the second of three doji lies below the first with a gap between the bodies and the third lies
//! higher than the second; -100 where the second lies above and the third lies lower. All three are judged against the
//! bars before the first. Equals TA-Lib `CDLTRISTAR`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdltristar"],
    summary: "Tri-star: three doji, the middle one beyond a gap.",
    formula: "100 where the second of three doji lies below the first with a gap between the bodies and the third lies higher than the second; -100 where the second lies above and the third lies lower. All three are judged against the bars before the first. White: a close not below the open. Doji: a body up to 0.1 of the mean range of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLTRISTAR",
    example: "SELECT ts, cdl_tristar(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<Tristar, 3>("cdl_tristar")
};

struct Tristar;

impl Pattern<3> for Tristar {
    const LOOKBACK: usize = 12;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Range];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], _: f64) -> f64 {
        let trace = first.trace();
        let doji = all!(first.body() <= trace, second.body() <= trace, third.body() <= trace);
        let falls = all!(second.body_is_above(&first), third.top() < second.top());
        let rises = all!(second.body_is_below(&first), third.bottom() > second.bottom());
        let direction = if rises { 100.0 } else { -100.0 };
        if all!(doji, any!(rises, falls)) { direction } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 102, 102, 102], [101, 101, 101, 101], [103, 103, 103, 103]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[102, 102, 102, 102], [105, 105, 105, 105], [103, 103, 103, 103]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 102, 102, 102], [101, 101, 101, 101], [103, 103, 102, 102]]), 0.0);
    }
}
