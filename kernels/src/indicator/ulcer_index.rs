//! Ulcer index, Martin (1987).
//!
//! The root of the mean square over `period` bars of the fall below the highest of the last `period` values, in percent
//! of that, so that the first value comes after twice `period`, less two, bars. A missing bar gives no value as long as
//! it is in one of these windows.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Max, Mean, Sliding};

pub(super) static DEF: Indicator = Indicator {
    name: "ulcer_index",
    aliases: &[],
    family: Family::Volatility,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 1)],
    outputs: &[Output::number("ulcer_index", Unit::Percent)],
    lookback: |params| 2 * (params.period(0) - 1),
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Ulcer index: the root mean square of the falls below the recent high, in percent.",
    formula: "fall = 100 * (x - highest(x, period)) / highest(x, period); sqrt(sma(fall^2, period)).",
    source: "Martin and McCann, The Investor's Guide to Fidelity Funds, 1989",
    example: "SELECT ts, ulcer_index(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<UlcerIndex, 1, 1>,
    flags: None,
    stream: stream::<UlcerIndex, 1, 1>,
};

struct UlcerIndex {
    highest: Sliding<Max>,
    mean: Mean,
}

impl State<1, 1> for UlcerIndex {
    fn new(params: &Params) -> Self {
        UlcerIndex { highest: Sliding::new(params.period(0)), mean: Mean::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let Max(highest) = self.highest.push(x).unwrap_or(Max(f64::NAN));
        let fall = 100.0 * ((x - highest) / highest);
        [self.mean.step(fall * fall).sqrt()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[10.0, 10.0, 9.0, 9.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 50.0_f64.sqrt()).abs() < 1e-12 && (out[0][3] - 50.0_f64.sqrt()).abs() < 1e-12);
    }
}
