//! Number of bars since a condition was last true.
//!
//! Zero at a bar where it is true; no value before the first one. A missing condition counts as not true, but the bar
//! counts.

use super::def::*;
use super::state::{State, compute, is_true, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "bars_since",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::bool("condition")],
    params: &[],
    outputs: &[Output::number("bars_since", Unit::Bars)],
    // At the least, with a condition that is true at the first bar.
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[Exception::ReachesBack, Exception::CountsBars],
    summary: "Number of bars since a condition was last true.",
    formula: "0 where the condition is true, else the previous value plus 1; no value before it was true. A missing condition counts as not true.",
    source: "common definition, as Pine Script ta.barssince",
    example: "SELECT ts, bars_since(crosses_above(close, sma(close, 20))) AS n FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<BarsSince, 1, 1>,
    flags: None,
    stream: stream::<BarsSince, 1, 1>,
};

struct BarsSince {
    bars: f64,
}

impl State<1, 1> for BarsSince {
    fn new(_: &Params) -> Self {
        BarsSince { bars: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [condition]: [f64; 1]) -> [f64; 1] {
        self.bars = if is_true(condition) { 0.0 } else { self.bars + 1.0 };
        [self.bars]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[0.0, 1.0, 0.0, f64::NAN, 1.0]], &[]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [0.0, 1.0, 2.0, 0.0]);
    }
}
