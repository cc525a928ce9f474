//! Beta of one market with regard to another.
//!
//! The covariance of the relative changes of both over the variance of those of the first, over `period` changes: how
//! much `b` moves when `a` moves by one. A change from zero counts as none, and beta is zero if `a` has no variance, as
//! in TA-Lib. The first value comes `period` bars after the first pair. A missing value of either gives no value as
//! long as it, or the bar after it, is in the window. Equals TA-Lib `BETA`, whose first argument is the divisor too.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Pair;

pub(super) static DEF: Indicator = Indicator {
    name: "beta",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("a"), Input::number("b")],
    params: &[Param::period("period", 5, 2)],
    outputs: &[Output::number("beta", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Beta: how much the returns of `b` move with those of `a`.",
    formula: "cov(rb, ra) / var(ra) over `period` bars, where r = x[i] / x[i-1] - 1; 0 where var(ra) is 0.",
    source: "Sharpe, A Simplified Model for Portfolio Analysis, 1963; TA-Lib BETA",
    example: "SELECT ts, beta(open, close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Beta, 2, 1>,
    flags: None,
    stream: stream::<Beta, 2, 1>,
};

struct Beta {
    before: [f64; 2],
    pair: Pair,
}

impl State<2, 1> for Beta {
    fn new(params: &Params) -> Self {
        Beta { before: [f64::NAN; 2], pair: Pair::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, now: [f64; 2]) -> [f64; 1] {
        let before = std::mem::replace(&mut self.before, now);
        let change = |k: usize| if before[k] == 0.0 { now[k] * 0.0 } else { (now[k] - before[k]) / before[k] };
        let [variance, _, covariance] = self.pair.step([change(0), change(1)]);
        [if variance == 0.0 { 0.0 } else { covariance / variance }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Changes of 1, 0, 1 and of 2, 0, 1.
        let out = DEF.evaluate(&[&[1.0, 2.0, 2.0, 4.0], &[1.0, 3.0, 3.0, 6.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [2.0, 1.0]);
    }

    #[test]
    fn no_variance_is_zero() {
        let out = DEF.evaluate(&[&[1.1; 4], &[1.0, 2.0, 3.0, 5.0]], &[2.0]).unwrap();
        assert_eq!(out[0][2..], [0.0, 0.0]);
    }
}
