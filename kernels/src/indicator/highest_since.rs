//! Highest value of a series since a condition was last true.
//!
//! The bar of the condition counts; there is no value before the first one. A bar where the condition or the series is
//! missing has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, is_true, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "highest_since",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::bool("condition"), Input::number("x")],
    params: &[],
    outputs: &[Output::number("highest_since", Unit::Price)],
    // At the least, with a condition that is true at the first bar.
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Highest value of a series since a condition was last true.",
    formula: "x[i] where the condition is true, else max(highest_since[i-1], x[i]); no value before it was true. Missing bars are skipped.",
    source: "common definition, as AmiBroker HighestSince",
    example: "SELECT ts, highest_since(crosses_above(close, sma(close, 20)), high) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<HighestSince, 2, 1>,
    flags: None,
    stream: stream::<HighestSince, 2, 1>,
};

struct HighestSince {
    highest: f64,
}

impl State<2, 1> for HighestSince {
    fn new(_: &Params) -> Self {
        HighestSince { highest: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [condition, x]: [f64; 2]) -> [f64; 1] {
        if condition.is_nan() || x.is_nan() {
            return [f64::NAN];
        }
        // No comparison with the `NaN` before the first true condition holds.
        if is_true(condition) || x > self.highest {
            self.highest = x;
        }
        [self.highest]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[0.0, 1.0, 0.0, 0.0, 1.0], &[9.0, 2.0, 5.0, 3.0, 1.0]], &[]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [2.0, 5.0, 5.0, 1.0]);
    }
}
