//! Whether a condition is true at any of the last `period` bars.
//!
//! The current bar is one of them. A missing condition gives no value as long as it is among them.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Max, Sliding};

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_any",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::bool("condition")],
    params: &[Param::required_period("period", 1)],
    outputs: &[Output::bool("rolling_any")],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Whether a condition is true at any of the last `period` bars.",
    formula: "max(condition) over `period` bars. No value while a missing condition is among them.",
    source: "common definition",
    example: "SELECT ts, rolling_any(close > open, 5) AS n FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RollingAny, 1, 1>,
    flags: None,
    stream: stream::<RollingAny, 1, 1>,
};

struct RollingAny {
    window: Sliding<Max>,
}

impl State<1, 1> for RollingAny {
    fn new(params: &Params) -> Self {
        RollingAny { window: Sliding::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [condition]: [f64; 1]) -> [f64; 1] {
        [self.window.push(condition).map_or(f64::NAN, |window| window.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[0.0, 1.0, 0.0, 0.0, f64::NAN]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan() && out[0][4].is_nan());
        assert_eq!(out[0][1..4], [1.0, 1.0, 0.0]);
    }
}
