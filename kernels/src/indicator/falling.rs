//! Whether a series is below each of its last `period` values.
//!
//! The current bar is compared with the lowest of the bars before it, so the steps in between need not all fall; that
//! would be `streak(x) <= -period`. A missing bar gives no value as long as it is among those compared.

use super::def::*;
use super::state::{State, compute, condition, stream};
use crate::window::{Min, Sliding};

pub(super) static DEF: Indicator = Indicator {
    name: "falling",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::number("x")],
    params: &[Param::required_period("period", 1)],
    outputs: &[Output::bool("falling")],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Whether a series is below each of its previous `period` values.",
    formula: "x[i] < min(x[i-period..i]); missing if one of them is.",
    source: "common definition, as Pine Script ta.falling",
    example: "SELECT ts, falling(close, 3) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Falling, 1, 1>,
    flags: None,
    stream: stream::<Falling, 1, 1>,
};

struct Falling {
    window: Sliding<Min>,
    lowest: f64,
}

impl State<1, 1> for Falling {
    fn new(params: &Params) -> Self {
        Falling { window: Sliding::new(params.period(0)), lowest: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let next = self.window.push(x).map_or(f64::NAN, |lowest| lowest.0);
        let lowest = std::mem::replace(&mut self.lowest, next);
        [condition(x < lowest, &[x, lowest])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[4.0, 2.0, 3.0, 2.0, 1.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [0.0, 0.0, 1.0]);
    }
}
