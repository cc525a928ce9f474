//! Dark cloud cover: a black candle that opens above a long white one and closes deep in its body.
//!
//! Gives -100 where a black candle opens above the high of a long white one and closes inside its body, below its close
//! by more than `penetration` times that body. Equals TA-Lib `CDLDARKCLOUDCOVER`.

use super::def::Indicator;
use super::pattern::{Pattern, all, pattern, penetration};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdldarkcloudcover"],
    params: &[penetration(0.5)],
    summary: "Dark cloud cover: a black candle that opens above a long white one and closes deep in its body.",
    formula: "-100 where a black candle opens above the high of a long white one and closes inside its body, below its close by more than penetration times that body. White: a close not below the open. Long: a body above the mean body of the 10 bars before it.",
    source: "Nison, Japanese Candlestick Charting Techniques, 1991; TA-Lib CDLDARKCLOUDCOVER",
    example: "SELECT ts, cdl_dark_cloud_cover(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<DarkCloudCover, 2>("cdl_dark_cloud_cover")
};

struct DarkCloudCover;

impl Pattern<2> for DarkCloudCover {
    const LOOKBACK: usize = 11;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Body];

    #[inline(always)]
    fn judge([first, second]: [Candle; 2], penetration: f64) -> f64 {
        let covers = all!(
            first.is_white(),
            second.is_black(),
            second.open > first.high,
            second.close > first.open,
            second.close < first.close - first.body() * penetration,
            first.is_long()
        );
        if covers { -100.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 105, 102, 105], [107, 107, 103, 103]]), -100.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 105, 102, 105], [107, 107, 102, 102]]), 0.0);
    }
}
