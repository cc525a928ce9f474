//! Whether `a` crosses above `b` at this bar.
//!
//! True where `a > b` now and `a <= b` at the previous bar. Missing if one of the four values is.

use super::def::*;
use super::state::{State, compute, condition, crossings, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "crosses_above",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::number("a"), Input::number("b")],
    params: &[],
    outputs: &[Output::bool("crosses_above")],
    lookback: |_| 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Whether `a` crosses above `b` at this bar.",
    formula: "a[i] > b[i] and a[i-1] <= b[i-1]; missing if one of them is.",
    source: "common definition, as Pine Script ta.crossover",
    example: "SELECT ts, crosses_above(close, sma(close, 20)) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<CrossesAbove, 2, 1>,
    flags: Some(flags),
    stream: stream::<CrossesAbove, 2, 1>,
};

fn flags(inputs: &[FlagsInput], _: &Params) -> FlagColumn {
    let [above, _] = crossings(inputs);
    above
}

struct CrossesAbove {
    before: [f64; 2],
}

impl State<2, 1> for CrossesAbove {
    fn new(_: &Params) -> Self {
        CrossesAbove { before: [f64::NAN; 2] }
    }

    #[inline]
    fn step(&mut self, [a, b]: [f64; 2]) -> [f64; 1] {
        let [a_before, b_before] = std::mem::replace(&mut self.before, [a, b]);
        [condition(a > b && a_before <= b_before, &[a, b, a_before, b_before])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 4.0, 1.0], &[2.0, 2.0, 2.0, 2.0]], &[]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [1.0, 0.0, 0.0]);
    }
}
