//! Lowest value so far.
//!
//! A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "all_time_low",
    aliases: &["running_min"],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[],
    outputs: &[Output::number("all_time_low", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Lowest value so far, the current one included.",
    formula: "min(x[0..=i]). Missing bars are skipped.",
    source: "common definition, as Pine Script ta.min",
    example: "SELECT ts, all_time_low(low) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<AllTimeLow, 1, 1>,
    flags: None,
    stream: stream::<AllTimeLow, 1, 1>,
};

struct AllTimeLow {
    lowest: f64,
}

impl State<1, 1> for AllTimeLow {
    fn new(_: &Params) -> Self {
        AllTimeLow { lowest: f64::INFINITY }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        if x < self.lowest {
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
        let out = DEF.evaluate(&[&[3.0, f64::NAN, 4.0, -2.0, 1.0]], &[]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!([out[0][0], out[0][2], out[0][3], out[0][4]], [3.0, 3.0, -2.0, -2.0]);
    }
}
