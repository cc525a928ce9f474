//! Whether a series is above each of its last `period` values.
//!
//! The current bar is compared with the highest of the bars before it, so the steps in between need not all rise; that
//! would be `streak(x) >= period`. A missing bar gives no value as long as it is among those compared.

use super::def::*;
use super::state::{State, compute, condition, stream};
use crate::window::{Max, Sliding};

pub(super) static DEF: Indicator = Indicator {
    name: "rising",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::number("x")],
    params: &[Param::required_period("period", 1)],
    outputs: &[Output::bool("rising")],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Whether a series is above each of its previous `period` values.",
    formula: "x[i] > max(x[i-period..i]); missing if one of them is.",
    source: "common definition, as Pine Script ta.rising",
    example: "SELECT ts, rising(close, 3) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Rising, 1, 1>,
    flags: None,
    stream: stream::<Rising, 1, 1>,
};

struct Rising {
    window: Sliding<Max>,
    highest: f64,
}

impl State<1, 1> for Rising {
    fn new(params: &Params) -> Self {
        Rising { window: Sliding::new(params.period(0)), highest: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let next = self.window.push(x).map_or(f64::NAN, |highest| highest.0);
        let highest = std::mem::replace(&mut self.highest, next);
        [condition(x > highest, &[x, highest])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0, 3.0, 4.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [0.0, 0.0, 1.0]);
    }
}
