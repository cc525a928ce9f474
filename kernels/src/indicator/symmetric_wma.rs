//! Symmetrically weighted moving average of four values.
//!
//! The weights are 1, 2, 2 and 1 sixths. A missing bar gives no value as long as it is in the window.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "symmetric_wma",
    aliases: &["swma"],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[],
    outputs: &[Output::number("symmetric_wma", Unit::Price)],
    lookback: |_| 3,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Moving average of four values with the weights 1, 2, 2 and 1.",
    formula: "(x[i-3] + 2 * x[i-2] + 2 * x[i-1] + x[i]) / 6. No value while a missing bar is in the window.",
    source: "Pine Script ta.swma",
    example: "SELECT ts, symmetric_wma(close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<SymmetricWma, 1, 1>,
    flags: None,
    stream: stream::<SymmetricWma, 1, 1>,
};

struct SymmetricWma {
    before: [f64; 3],
}

impl State<1, 1> for SymmetricWma {
    fn new(_: &Params) -> Self {
        SymmetricWma { before: [f64::NAN; 3] }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [a, b, c] = self.before;
        self.before = [b, c, x];
        // From one value on, so that equal values give themselves.
        [x + ((a - x) + 2.0 * (b - x) + 2.0 * (c - x)) / 6.0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 4.0, 4.0]], &[]).unwrap();
        assert!(out[0][2].is_nan());
        assert_eq!(out[0][3], 2.5);
    }

    #[test]
    fn flat_values_are_their_own_mean() {
        let out = DEF.evaluate(&[&[0.1; 5]], &[]).unwrap();
        assert_eq!(out[0][3..], [0.1, 0.1]);
    }
}
