//! Efficiency ratio, Kaufman (1995).
//!
//! The distance covered in `period` bars as a share of the path: one for a straight line, and also, as in TA-Lib, for
//! a market that does not move. A missing bar gives no value as long as it is in the window. Equals TA-Lib `ER`.

use super::def::*;
use super::state::{State, stream};
use crate::window::{Path, moving_path};

pub(super) static DEF: Indicator = Indicator {
    name: "er",
    aliases: &["efficiency_ratio"],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 10, 2)],
    outputs: &[Output::number("er", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Kaufman's efficiency ratio: the distance covered as a share of the path, from 0 to 1.",
    formula: "|x[i] - x[i-period]| / sum(|x[j] - x[j-1]|) over the period; 1 without movement.",
    source: "Kaufman, Smarter Trading, 1995; TA-Lib ER",
    example: "SELECT ts, er(close, 10) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| {
        moving_path(inputs[0], params.period(0), &mut outputs[0], share);
    },
    flags: None,
    stream: stream::<Er, 1, 1>,
};

struct Er(Path);

impl State<1, 1> for Er {
    fn new(params: &Params) -> Self {
        Er(Path::new(params.period(0)))
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [way, path] = self.0.step(x);
        [share(way, path)]
    }
}

/// The change as a share of the path.
#[inline(always)]
fn share(way: f64, path: f64) -> f64 {
    let ratio = way.abs() / path;
    // The sum of a straight path may be rounded to less than its length.
    if (path == 0.0) | (ratio > 1.0) { 1.0 } else { ratio }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 4.0, 3.0, 3.0, 3.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [0.5, 1.0, 1.0]);
    }
}
