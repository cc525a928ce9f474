//! Abandoned baby: a doji with a gap on both sides, shadows included, at a turn.
//!
//! Gives -100 where a long white candle is followed by a doji whose low is above its high, and by a long black candle
//! whose high is below the low of the doji and which closes below the first close by more than `penetration` times the
//! first body; 100 for the mirror image. Equals TA-Lib `CDLABANDONEDBABY`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern, penetration};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlabandonedbaby"],
    params: &[penetration(0.3)],
    summary: "Abandoned baby: a doji with a gap on both sides, shadows included, at a turn.",
    formula: "-100 where a long white candle is followed by a doji whose low is above its high, and by a long black candle whose high is below the low of the doji and which closes below the first close by more than penetration times the first body; 100 for the mirror image. White: a close not below the open. Long: a body above the mean body of the 10 bars before it. Doji: a body up to 0.1 of the mean range of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLABANDONEDBABY",
    example: "SELECT ts, cdl_abandoned_baby(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<AbandonedBaby, 3>("cdl_abandoned_baby")
};

struct AbandonedBaby;

impl Pattern<3> for AbandonedBaby {
    const LOOKBACK: usize = 12;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body, Yardstick::Range];

    #[inline(always)]
    fn judge([first, second, third]: [Candle; 3], penetration: f64) -> f64 {
        let reach = first.body() * penetration;
        let falls = all!(
            first.is_white(),
            third.is_black(),
            third.close < first.close - reach,
            second.is_above(&first),
            third.is_below(&second)
        );
        let rises = all!(
            first.is_black(),
            third.is_white(),
            third.close > first.close + reach,
            second.is_below(&first),
            third.is_above(&second)
        );
        let abandons = all!(any!(falls, rises), first.is_long(), second.is_doji(), third.is_long());
        if abandons { 100.0 * third.sign() } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 102, 98, 98], [97, 97, 97, 97], [102, 105, 102, 105]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[104, 107, 104, 107], [108, 108, 108, 108], [107, 107, 102, 102]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 102, 98, 98], [97, 97, 97, 97], [102, 105, 102, 104]]), 0.0);
    }
}
