//! Modified hikkake: a hikkake after two nested inside bars, the first of which closes at the end that fails.
//!
//! Gives 100 where a bar with a lower high and a lower low follows two inside bars (each with a lower high and a higher
//! low than the bar before it), the first of which closes below its low or near it, -100 where one with a higher high
//! and a higher low does and the first inside bar closes near its high; 200 and -200 where one of the next three bars
//! is the first to close above the high, or below the low, of the second inside bar and no new pattern has begun.
//! Equals TA-Lib `CDLHIKKAKEMOD`.

use super::def::Indicator;
use super::pattern::{Pattern, all, any, pattern};
use crate::window::{Candle, Yardstick};

pub(super) static DEF: Indicator = Indicator {
    aliases: &["cdlhikkakemod"],
    summary: "Modified hikkake: a hikkake after two nested inside bars, the first of which closes at the end that fails.",
    formula: "100 where a bar with a lower high and a lower low follows two inside bars (each with a lower high and a higher low than the bar before it), the first of which closes below its low or near it, -100 where one with a higher high and a higher low does and the first inside bar closes near its high; 200 and -200 where one of the next three bars is the first to close above the high, or below the low, of the second inside bar and no new pattern has begun. Near: within 0.2 of the mean range of the 5 bars before it.",
    source: "Chesler, Trading False Moves with the Hikkake Pattern, Active Trader, 2004; TA-Lib CDLHIKKAKEMOD",
    example: "SELECT ts, cdl_hikkake_modified(open, high, low, close) FROM synthetic_bars(200, '1h')",
    ..pattern::<HikkakeModified, 7>("cdl_hikkake_modified")
};

struct HikkakeModified;

impl Pattern<7> for HikkakeModified {
    const LOOKBACK: usize = 10;
    const YARDSTICKS: &'static [Yardstick] = &[Yardstick::Recent];

    #[inline(always)]
    fn judge(bars: [Candle; 7], _: f64) -> f64 {
        let setup = |ago: usize| setup([bars[3 - ago], bars[4 - ago], bars[5 - ago], bars[6 - ago]]);
        let now = setup(0);
        let [one, two, three] = [setup(1), setup(2), setup(3)];
        // Whether the bar of so many bars ago closes beyond the inner bar of a setup.
        let beyond = |direction: f64, setup: usize, ago: usize| {
            let (inner, close) = (&bars[5 - setup], bars[6 - ago].close);
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

/// The direction in which four bars point, or `0`.
#[inline(always)]
fn setup([first, outer, inner, last]: [Candle; 4]) -> f64 {
    let inside = all!(outer.high < first.high, outer.low > first.low, inner.high < outer.high, inner.low > outer.low);
    let near = outer.near();
    let fell = all!(inside, last.high < inner.high, last.low < inner.low, outer.close <= outer.low + near);
    let rose = all!(inside, last.high > inner.high, last.low > inner.low, outer.close >= outer.high - near);
    let falls = if rose { -1.0 } else { 0.0 };
    if fell { 1.0 } else { falls }
}

#[cfg(test)]
mod tests {
    use super::super::pattern::after_calm;
    use super::*;

    #[test]
    fn by_hand() {
        assert_eq!(
            after_calm(
                &DEF,
                &[[98, 107, 96, 103], [99, 103, 99, 99], [101, 101, 100, 101], [99, 99, 99, 99], [102, 102, 102, 102]]
            ),
            200.0
        );
        assert_eq!(after_calm(&DEF, &[[102, 102, 100, 100], [101, 101, 101, 101], [97, 97, 97, 97]]), 100.0);
        assert_eq!(after_calm(&DEF, &[[100, 102, 100, 102], [101, 101, 101, 101], [106, 110, 106, 110]]), -100.0);
        assert_eq!(
            after_calm(&DEF, &[[101, 102, 100, 102], [101, 101, 101, 101], [105, 107, 102, 102], [100, 104, 98, 100]]),
            -200.0
        );
        // Not with one price changed.
        assert_eq!(
            after_calm(
                &DEF,
                &[[98, 107, 96, 103], [99, 103, 99, 99], [101, 101, 100, 101], [99, 99, 99, 99], [102, 102, 101, 101]]
            ),
            0.0
        );
    }
}
