//! Whether a condition turns true on this bar.
//!
//! True where the condition is true and was false on the previous bar; no value where it is missing on either.

use super::def::*;
use super::state::{State, compute, is_true, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "becomes_true",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::bool("condition")],
    params: &[],
    outputs: &[Output::bool("becomes_true")],
    lookback: |_| 1,
    memory: Memory::Window,
    summary: "True on the bar on which a condition turns from false to true.",
    formula: "condition[i] and not condition[i-1]; no value where either is missing.",
    source: "rising edge of a signal",
    example: "SELECT ts, becomes_true(close > sma(close, 20) AND volume > 0) AS n FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<BecomesTrue, 1, 1>,
    stream: stream::<BecomesTrue, 1, 1>,
};

struct BecomesTrue {
    before: f64,
}

impl State<1, 1> for BecomesTrue {
    fn new(_: &Params) -> Self {
        BecomesTrue { before: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [condition]: [f64; 1]) -> [f64; 1] {
        let before = std::mem::replace(&mut self.before, condition);
        if before.is_nan() || condition.is_nan() {
            return [f64::NAN];
        }
        [f64::from(u8::from(is_true(condition) && !is_true(before)))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[0.0, 1.0, 1.0, f64::NAN, 1.0, 0.0, 1.0]], &[]).unwrap();
        let missing: Vec<usize> = (0..7).filter(|i| out[0][*i].is_nan()).collect();
        assert_eq!(missing, [0, 3, 4]);
        assert_eq!([out[0][1], out[0][2], out[0][5], out[0][6]], [1.0, 0.0, 0.0, 1.0]);
    }
}
