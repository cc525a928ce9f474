//! Lowest value of a series since a condition was last true.
//!
//! The bar of the condition counts; there is no value before the first one. A bar where the condition or the series is
//! missing has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, is_true, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "lowest_since",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::bool("condition"), Input::number("x")],
    params: &[],
    outputs: &[Output::number("lowest_since", Unit::Price)],
    // At the least, with a condition that is true at the first bar.
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Lowest value of a series since a condition was last true.",
    formula: "x[i] where the condition is true, else min(lowest_since[i-1], x[i]); no value before it was true. Missing bars are skipped.",
    source: "common definition, as AmiBroker LowestSince",
    example: "SELECT ts, lowest_since(crosses_below(close, sma(close, 20)), low) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<LowestSince, 2, 1>,
    flags: None,
    stream: stream::<LowestSince, 2, 1>,
};

struct LowestSince {
    lowest: f64,
}

impl State<2, 1> for LowestSince {
    fn new(_: &Params) -> Self {
        LowestSince { lowest: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [condition, x]: [f64; 2]) -> [f64; 1] {
        if condition.is_nan() || x.is_nan() {
            return [f64::NAN];
        }
        // No comparison with the `NaN` before the first true condition holds.
        if is_true(condition) || x < self.lowest {
            self.lowest = x;
        }
        [self.lowest]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[0.0, 1.0, 0.0, 0.0, 1.0], &[1.0, 5.0, 2.0, 3.0, 9.0]], &[]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [5.0, 2.0, 2.0, 9.0]);
    }
}
