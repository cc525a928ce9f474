//! Advance block: three rising white candles whose strength wanes.
//!
//! Gives -100 where three white candles close higher each time, the later two open inside or near the body before, the
//! first is long with a short upper shadow, and the advance weakens: the second is far shorter than the first and the
//! third shorter than the second plus what is near; or the third is far shorter than the second; or bodies shrink and
//! one of the later two has an upper shadow that is not short; or the third is shorter than the second with an upper
//! shadow longer than its body. Equals TA-Lib `CDLADVANCEBLOCK`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdladvanceblock"],
    summary: "Advance block: three rising white candles whose strength wanes.",
    formula: "-100 where three white candles close higher each time, the later two open inside or near the body before, the first is long with a short upper shadow, and the advance weakens: the second is far shorter than the first and the third shorter than the second plus what is near; or the third is far shorter than the second; or bodies shrink and one of the later two has an upper shadow that is not short; or the third is shorter than the second with an upper shadow longer than its body. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. A short shadow: one below half of the mean of range less body of the 10 bars before it. Near: within 0.2 of the mean range of the 5 bars before it. Far: more than 0.6 of the mean range of the 5 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLADVANCEBLOCK",
    example: "SELECT ts, cdl_advance_block(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<AdvanceBlock, 3>("cdl_advance_block")
};

struct AdvanceBlock;

impl Pattern<3> for AdvanceBlock {
    const LOOKBACK: usize = 12;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Shadows, Yardstick::Recent];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], _: f64) -> f64 {
        let rises = all!(
            first.is_white(),
            second.is_white(),
            third.is_white(),
            third.close > second.close,
            second.close > first.close,
            second.open > first.open,
            third.open > second.open,
            second.open <= first.close + first.near(),
            third.open <= second.close + second.near(),
            first.is_long(),
            first.upper() < first.short_shadow(),
        );
        let shrinks = third.body() < second.body();
        let has_shadow = any!(third.upper() > third.short_shadow(), second.upper() > second.short_shadow());
        let weakens = any!(
            all!(second.body() < first.body() - first.far(), third.body() < second.body() + second.near()),
            third.body() < second.body() - second.far(),
            all!(shrinks, second.body() < first.body(), has_shadow),
            all!(shrinks, third.upper() > third.body()),
        );
        if all!(rises, weakens) { -100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[98, 101, 98, 101], [99, 103, 99, 103], [103, 104, 103, 104]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[98, 101, 98, 101], [99, 103, 99, 103], [103, 104, 103, 103]]), 0.0);
    }
}
