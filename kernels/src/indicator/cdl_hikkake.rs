//! Hikkake: an inside bar, a false break of it, and perhaps the break the other way.
//!
//! Gives 100 where a bar with a lower high and a lower low follows an inside bar (a lower high and a higher low than
//! the bar before it), -100 where one with a higher high and a higher low does; 200 and -200 where one of the next
//! three bars is the first to close above the high, or below the low, of the inside bar and no new pattern has begun.
//! Equals TA-Lib `CDLHIKKAKE`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlhikkake"],
    summary: "Hikkake: an inside bar, a false break of it, and perhaps the break the other way.",
    formula: "100 where a bar with a lower high and a lower low follows an inside bar (a lower high and a higher low than the bar before it), -100 where one with a higher high and a higher low does; 200 and -200 where one of the next three bars is the first to close above the high, or below the low, of the inside bar and no new pattern has begun.",
    source: "Chesler, Trading False Moves with the Hikkake Pattern, Active Trader, 2004; TA-Lib CDLHIKKAKE",
    example: "SELECT ts, cdl_hikkake(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<Hikkake, 6>("cdl_hikkake")
};

struct Hikkake;

impl Pattern<6> for Hikkake {
    const LOOKBACK: usize = 5;
    const YARDSTICKS: &'static [Yardstick] = &[];

    #[inline(always)]
    fn judge(bars: [Candle; 6], _: f64) -> f64 {
        let setup = |ago: usize| setup([bars[3 - ago], bars[4 - ago], bars[5 - ago]]);
        let now = setup(0);
        let [one, two, three] = [setup(1), setup(2), setup(3)];
        // Whether the bar of so many bars ago closes beyond the inner bar of a setup.
        let beyond = |direction: f64, setup: usize, ago: usize| {
            let (inner, close) = (&bars[4 - setup], bars[5 - ago].close);
            any!(all!(direction > 0.0, close > inner.high), all!(direction < 0.0, close < inner.low))
        };
        // Of the setups that ended one, two or three bars ago the newest counts, and of the closes beyond it the first.
        let one_confirmed = beyond(one, 1, 0);
        let two_confirmed = all!(beyond(two, 2, 0), !beyond(two, 2, 1));
        let three_confirmed = all!(beyond(three, 3, 0), !beyond(three, 3, 1), !beyond(three, 3, 2));
        let mut value = if three_confirmed { 200.0 * three } else { 0.0 };
        let two_value = if two_confirmed { 200.0 * two } else { 0.0 };
        value = if two == 0.0 { value } else { two_value };
        let one_value = if one_confirmed { 200.0 * one } else { 0.0 };
        value = if one == 0.0 { value } else { one_value };
        if now == 0.0 { value } else { 100.0 * now }
    }
}

/// The direction in which three bars point, or `0`.
#[inline(always)]
fn setup([first, inner, last]: [Candle; 3]) -> f64 {
    let inside = all!(inner.high < first.high, inner.low > first.low);
    let fell = all!(inside, last.high < inner.high, last.low < inner.low);
    let rose = all!(inside, last.high > inner.high, last.low > inner.low);
    let falls = if rose { -1.0 } else { 0.0 };
    if fell { 1.0 } else { falls }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(after_calm(&DEF, &[[102, 102, 102, 102], [101, 101, 101, 101], [103, 103, 103, 103]]), 200.0);
        assert_eq!(after_calm(&DEF, &[[102, 102, 102, 102], [101, 101, 101, 101]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[102, 102, 102, 102], [103, 103, 103, 103]]), -100.0);
        assert_eq!(after_calm(&DEF, &[[102, 102, 102, 102], [104, 104, 103, 103], [101, 101, 101, 101]]), -200.0);
        // Not with one price changed.
        assert_eq!(after_calm(&DEF, &[[102, 102, 102, 102], [101, 101, 101, 101], [103, 103, 102, 102]]), 0.0);
    }
}
