//! Share of the previous `period` values that are below the current one.
//!
//! A fraction from 0 to 1; ties do not count, and the current value is not compared with itself, so the first value
//! comes `period` bars after the first input. A missing bar gives no value as long as it is in the window. The work per
//! bar grows with the logarithm of `period`. This is the PercentRank of Connors RSI, as a fraction (`percentrank` is in
//! percent); SQL's `percent_rank()` ranks a whole partition.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Ranks;

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_percent_rank",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 100, 1)],
    outputs: &[Output::number("rolling_percent_rank", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Share of the previous `period` values that are below the current one.",
    formula: "count(x[i-period..i] < x[i]) / period. No value while a missing bar is among them.",
    source: "Connors and Alvarez, An Introduction to ConnorsRSI, 2012",
    example: "SELECT ts, rolling_percent_rank(close, 100) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RollingPercentRank, 1, 1>,
    flags: None,
    stream: stream::<RollingPercentRank, 1, 1>,
};

pub(super) struct RollingPercentRank {
    before: Ranks,
    len: f64,
}

impl State<1, 1> for RollingPercentRank {
    fn new(params: &Params) -> Self {
        RollingPercentRank { before: Ranks::new(params.period(0)), len: params.period(0) as f64 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.before.step(x) / self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 2.0, 3.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [0.5, 1.0]);
    }
}
