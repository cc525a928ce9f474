//! Percent of the previous `period` values that are below the current one.
//!
//! From 0 to 100: a hundred times `rolling_percent_rank`, which has the details. Equals TA-Lib `PERCENTRANK`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Ranks;

pub(super) static DEF: Indicator = Indicator {
    name: "percentrank",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 100, 1)],
    outputs: &[Output::number("percentrank", Unit::Percent)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Percent of the previous `period` values that are below the current one.",
    formula: "100 * count(x[i-period..i] < x[i]) / period. No value while a missing bar is among them.",
    source: "Connors and Alvarez, An Introduction to ConnorsRSI, 2012; TA-Lib PERCENTRANK",
    example: "SELECT ts, percentrank(close, 100) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Percentrank, 1, 1>,
    flags: None,
    stream: stream::<Percentrank, 1, 1>,
};

struct Percentrank {
    before: Ranks,
    len: f64,
}

impl State<1, 1> for Percentrank {
    fn new(params: &Params) -> Self {
        Percentrank { before: Ranks::new(params.period(0)), len: params.period(0) as f64 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [100.0 * self.before.step(x) / self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 2.0, 3.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [50.0, 100.0]);
    }
}
