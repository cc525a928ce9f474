//! Number of bars in a row on which a condition has been true.
//!
//! The current bar counts, so it is zero exactly where the condition is false. A missing condition has no value and
//! changes nothing.

use super::def::*;
use super::state::{State, compute, is_true, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "true_run",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::bool("condition")],
    params: &[],
    outputs: &[Output::number("true_run", Unit::Bars)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Number of bars in a row on which a condition has been true, the current one included.",
    formula: "true_run[i-1] + 1 where the condition is true, 0 where it is false. Missing bars are skipped.",
    source: "length of a run of true conditions",
    example: "SELECT ts, true_run(close > sma(close, 20)) AS n FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<TrueRun, 1, 1>,
    flags: None,
    stream: stream::<TrueRun, 1, 1>,
};

struct TrueRun {
    run: f64,
}

impl State<1, 1> for TrueRun {
    fn new(_: &Params) -> Self {
        TrueRun { run: 0.0 }
    }

    #[inline]
    fn step(&mut self, [condition]: [f64; 1]) -> [f64; 1] {
        if condition.is_nan() {
            return [f64::NAN];
        }
        self.run = if is_true(condition) { self.run + 1.0 } else { 0.0 };
        [self.run]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 1.0, f64::NAN, 1.0, 0.0, 1.0]], &[]).unwrap();
        assert!(out[0][2].is_nan());
        assert_eq!([out[0][0], out[0][1], out[0][3], out[0][4], out[0][5]], [1.0, 2.0, 3.0, 0.0, 1.0]);
    }
}
