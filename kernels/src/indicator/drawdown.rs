//! Fall from the highest value so far.
//!
//! A fraction, zero at a new high and negative below it; no value until the series has been above zero, because a fall
//! from nothing has no size. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "drawdown",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[],
    outputs: &[Output::number("drawdown", Unit::Ratio)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Fall from the highest value so far, as a fraction from -1 to 0.",
    formula: "x[i] / max(x[0..=i]) - 1; no value while the maximum is not above 0. Missing bars are skipped.",
    source: "common definition, as empyrical and pandas-ta drawdown",
    example: "SELECT ts, drawdown(close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Drawdown, 1, 1>,
    flags: None,
    stream: stream::<Drawdown, 1, 1>,
};

struct Drawdown {
    highest: f64,
}

impl State<1, 1> for Drawdown {
    fn new(_: &Params) -> Self {
        Drawdown { highest: 0.0 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        // `max` drops a `NaN`. Before a value above zero it is a division by zero, which is no number.
        self.highest = self.highest.max(x);
        [if self.highest > 0.0 { x / self.highest - 1.0 } else { f64::NAN }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[-1.0, 2.0, 1.0, f64::NAN, 4.0, 3.0]], &[]).unwrap();
        assert!(out[0][0].is_nan() && out[0][3].is_nan());
        assert_eq!([out[0][1], out[0][2], out[0][4], out[0][5]], [0.0, -0.5, 0.0, -0.25]);
    }
}
