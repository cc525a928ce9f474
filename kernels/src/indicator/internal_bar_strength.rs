//! Internal bar strength: where the close lies in the range of its own bar.
//!
//! Zero at the low, one at the high, and one half for a bar without range.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "internal_bar_strength",
    aliases: &["ibs"],
    family: Family::Price,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[],
    outputs: &[Output::number("internal_bar_strength", Unit::Ratio)],
    lookback: |_| 0,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Where the close lies in the range of its bar, 0 at the low and 1 at the high.",
    formula: "(close - low) / (high - low), 0.5 for a bar without range.",
    source: "common definition, as LEAN InternalBarStrength",
    example: "SELECT ts, internal_bar_strength(high, low, close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<InternalBarStrength, 3, 1>,
    flags: None,
    stream: stream::<InternalBarStrength, 3, 1>,
};

struct InternalBarStrength;

impl State<3, 1> for InternalBarStrength {
    fn new(_: &Params) -> Self {
        InternalBarStrength
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        [if high == low && !close.is_nan() { 0.5 } else { (close - low) / (high - low) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[3.0, 2.0, 2.0], &[1.0, 2.0, 2.0], &[2.5, 2.0, f64::NAN]], &[]).unwrap();
        assert_eq!(out[0][..2], [0.75, 0.5]);
        assert!(out[0][2].is_nan());
    }
}
