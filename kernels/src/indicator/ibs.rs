//! Internal bar strength: where the close lies in the range of its bar, from 0 to 1.
//!
//! A bar without range counts as 0.5, neither strong nor weak.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "ibs",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[],
    outputs: &[Output::number("ibs", Unit::Ratio)],
    lookback: |_| 0,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Internal bar strength: where the close lies in the range of its bar, from 0 to 1.",
    formula: "(close - low) / (high - low), 0.5 for a bar without range.",
    source: "Pagonidis, The IBS Effect: Mean Reversion in Equity ETFs, 2013",
    example: "SELECT ts, ibs(high, low, close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Ibs, 3, 1>,
    flags: None,
    stream: stream::<Ibs, 3, 1>,
};

struct Ibs;

impl State<3, 1> for Ibs {
    fn new(_: &Params) -> Self {
        Ibs
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        let (rise, range) = (close - low, high - low);
        // Plus nothing, not a half: a missing close stays missing.
        [if range <= 0.0 { 0.5 + rise * 0.0 } else { rise / range }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[5.0, 3.0], &[1.0, 3.0], &[2.0, 3.0]], &[]).unwrap();
        assert_eq!(out[0], [0.25, 0.5]);
    }
}
