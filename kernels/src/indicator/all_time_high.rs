//! Highest value so far.
//!
//! A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "all_time_high",
    aliases: &["running_max"],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[],
    outputs: &[Output::number("all_time_high", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Highest value so far, the current one included.",
    formula: "max(x[0..=i]). Missing bars are skipped.",
    source: "common definition, as Pine Script ta.max",
    example: "SELECT ts, all_time_high(high) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<AllTimeHigh, 1, 1>,
    flags: None,
    stream: stream::<AllTimeHigh, 1, 1>,
};

struct AllTimeHigh {
    highest: f64,
}

impl State<1, 1> for AllTimeHigh {
    fn new(_: &Params) -> Self {
        AllTimeHigh { highest: f64::NEG_INFINITY }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        if x > self.highest {
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
        let out = DEF.evaluate(&[&[-3.0, f64::NAN, -4.0, 2.0, 1.0]], &[]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!([out[0][0], out[0][2], out[0][3], out[0][4]], [-3.0, -3.0, 2.0, 2.0]);
    }
}
