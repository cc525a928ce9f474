//! Count of the setup of TD Sequential.
//!
//! How many bars in a row the value has been above that of `period` bars ago (positive, a sell setup) or below it
//! (negative, a buy setup); 9 completes a setup, and the count goes on. It is known at the close of its bar. A missing
//! bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Delay;

pub(super) static DEF: Indicator = Indicator {
    name: "td_setup",
    aliases: &["td_seq"],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 4, 1)],
    outputs: &[Output::number("td_setup", Unit::Bars)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Bars in a row above (positive) or below (negative) the value of `period` bars ago.",
    formula: "max(n[i-1], 0) + 1 where x[i] > x[i-period], min(n[i-1], 0) - 1 where x[i] < x[i-period], else 0. Missing bars are skipped.",
    source: "DeMark, The New Science of Technical Analysis, 1994",
    example: "SELECT ts, td_setup(close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<TdSetup, 1, 1>,
    flags: None,
    stream: stream::<TdSetup, 1, 1>,
};

struct TdSetup {
    before: Delay,
    count: f64,
}

impl State<1, 1> for TdSetup {
    fn new(params: &Params) -> Self {
        TdSetup { before: Delay::new(params.period(0)), count: 0.0 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        let before = self.before.step(x);
        if before.is_nan() {
            return [f64::NAN];
        }
        self.count = if x > before {
            self.count.max(0.0) + 1.0
        } else if x < before {
            self.count.min(0.0) - 1.0
        } else {
            0.0
        };
        [self.count]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 4.0, 3.0, 2.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [1.0, 2.0, 0.0, -1.0]);
    }
}
