//! Connors RSI, Connors and Alvarez (2012).
//!
//! The mean of three numbers from 0 to 100: the `rsi` of the series, the `rsi` of its `streak`, and the share of the
//! previous `rank_period` one-bar returns that are below the current one. A missing bar has no value and changes
//! nothing. The work per bar is that of `rolling_percent_rank`. Equals Skender, up to the `rsi` of a series that has not
//! moved, which is zero as in TA-Lib; LEAN does not set the streak to zero where the value does not change.

use super::def::*;
use super::rolling_percent_rank::RollingPercentRank;
use super::rsi::Rsi;
use super::state::{State, compute, stream};
use super::streak::Streak;

pub(super) static DEF: Indicator = Indicator {
    name: "connors_rsi",
    aliases: &["crsi"],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 3, 2),
        Param::period("streak_period", 2, 2),
        Param::period("rank_period", 100, 1),
    ],
    outputs: &[Output::number("connors_rsi", Unit::Percent)],
    lookback: |params| params.period(0).max(params.period(1)).max(params.period(2) + 1),
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Connors RSI: mean of a short RSI, the RSI of the streak and the rank of the last return.",
    formula: "(rsi(x, period) + rsi(streak(x), streak_period) + 100 * rolling_percent_rank(pct_change(x), rank_period)) / 3. Missing bars are skipped.",
    source: "Connors and Alvarez, An Introduction to ConnorsRSI, 2012",
    example: "SELECT ts, connors_rsi(close, 3, 2, 100) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<ConnorsRsi, 1, 1>,
    flags: None,
    stream: stream::<ConnorsRsi, 1, 1>,
};

struct ConnorsRsi {
    previous: f64,
    price: Rsi,
    streak: Streak,
    run: Rsi,
    rank: RollingPercentRank,
}

impl State<1, 1> for ConnorsRsi {
    fn new(params: &Params) -> Self {
        let only = |position: usize| Params::new(vec![params.float(position)]);
        ConnorsRsi {
            previous: f64::NAN,
            price: Rsi::new(&only(0)),
            streak: Streak::new(&Params::new(vec![])),
            run: Rsi::new(&only(1)),
            rank: RollingPercentRank::new(&only(2)),
        }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        let change = x / std::mem::replace(&mut self.previous, x) - 1.0;
        let [price] = self.price.step([x]);
        let streak = self.streak.step([x]);
        let [run] = self.run.step(streak);
        let [rank] = self.rank.step([change]);
        [(price + run + 100.0 * rank) / 3.0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Gains 1 of 2, streaks 0 1 -1: gains 1 of 3; the return of -1/2 is below the one before.
        let out = DEF.evaluate(&[&[1.0, 2.0, 1.0]], &[2.0, 2.0, 1.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - (50.0 + 100.0 / 3.0) / 3.0).abs() < 1e-13);
    }
}
