//! Beta of one market with regard to another.
//!
//! The covariance of the relative changes of both over the variance of those of the first, over `period` changes: how
//! much `b` moves when `a` moves by one. A change from zero counts as none, and beta is zero if `a` has no variance, as
//! in TA-Lib. The first value comes `period` bars after the first pair. A missing value of either gives no value as
//! long as it, or the bar after it, is in the window. Equals TA-Lib `BETA`, whose first argument is the divisor too.

use super::def::*;
use super::state::{State, finite, stream};
use crate::simd::widest;
use crate::window::{Pair, changes_from, every_pair, make_room, next_places};

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
    compute: batch,
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
        [beta(self.pair.step([change(before[0], now[0]), change(before[1], now[1])]))]
    }
}

/// The change as a fraction, zero where the earlier value is zero.
#[inline(always)]
fn change(before: f64, now: f64) -> f64 {
    if before == 0.0 { now * 0.0 } else { (now - before) / before }
}

/// Covariance over variance, zero without any.
#[inline(always)]
fn beta([variance, _, covariance]: [f64; 3]) -> f64 {
    if variance == 0.0 { 0.0 } else { covariance / variance }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let ([a, b], out) = ([inputs[0], inputs[1]], &mut outputs[0]);
    make_room(out, a.len());
    let fill = |start: usize, changes: [&mut [f64]; 2]| {
        for (column, out) in [a, b].into_iter().zip(changes) {
            widest(|| changes_from(column, start, out, |before, now| change(finite(before), finite(now))));
        }
    };
    every_pair(a.len(), params.period(0), fill, |_, [variances, others, covariances]| {
        let out = next_places(out, variances.len());
        widest(|| {
            for (((out, a), b), product) in out.iter_mut().zip(variances).zip(others).zip(covariances) {
                *out = finite(beta([*a, *b, *product]));
            }
        });
    });
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
