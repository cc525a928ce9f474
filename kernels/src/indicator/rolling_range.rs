//! Distance of the highest from the lowest of the last `period` values.
//!
//! A missing bar gives no value as long as it is in the window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Max, Min, Sliding};

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_range",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 20, 1)],
    outputs: &[Output::number("rolling_range", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Distance of the highest from the lowest of the last `period` values.",
    formula: "highest(x, period) - lowest(x, period). No value while a missing bar is in the window.",
    source: "common definition, as Pine Script ta.range",
    example: "SELECT ts, rolling_range(close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RollingRange, 1, 1>,
    flags: None,
    stream: stream::<RollingRange, 1, 1>,
};

struct RollingRange {
    highest: Sliding<Max>,
    lowest: Sliding<Min>,
}

impl State<1, 1> for RollingRange {
    fn new(params: &Params) -> Self {
        RollingRange { highest: Sliding::new(params.period(0)), lowest: Sliding::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        match (self.highest.push(x), self.lowest.push(x)) {
            (Some(Max(highest)), Some(Min(lowest))) => [highest - lowest],
            _ => [f64::NAN],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0, 2.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [2.0, 1.0, 0.0]);
    }
}
