//! Number of the last `period` bars on which a condition is true.
//!
//! The current bar counts. `count_true(...) > 0` is whether it was true at all, `count_true(...) = period` whether it
//! always was. A missing condition gives no value as long as it is in the window.

use super::def::*;
use super::state::{State, compute, is_true, stream};
use crate::window::{Sliding, Sum};

pub(super) static DEF: Indicator = Indicator {
    name: "count_true",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::bool("condition")],
    params: &[Param::required_period("period", 1)],
    outputs: &[Output::number("count_true", Unit::Bars)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Number of the last `period` bars on which a condition is true, the current one included.",
    formula: "count(condition[i-period+1..=i]). No value while a missing condition is in the window.",
    source: "common definition, as AmiBroker Sum over a condition",
    example: "SELECT ts, count_true(close > open, 10) AS n FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<CountTrue, 1, 1>,
    flags: None,
    stream: stream::<CountTrue, 1, 1>,
};

struct CountTrue {
    window: Sliding<Sum>,
}

impl State<1, 1> for CountTrue {
    fn new(params: &Params) -> Self {
        CountTrue { window: Sliding::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [condition]: [f64; 1]) -> [f64; 1] {
        let one = if condition.is_nan() { f64::NAN } else { f64::from(u8::from(is_true(condition))) };
        [self.window.push(one).map_or(f64::NAN, |count| count.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 0.0, 1.0, 1.0, f64::NAN, 0.0, 1.0]], &[2.0]).unwrap();
        assert!([0, 4, 5].iter().all(|&i| out[0][i].is_nan()));
        assert_eq!([out[0][1], out[0][2], out[0][3], out[0][6]], [1.0, 1.0, 2.0, 1.0]);
    }
}
