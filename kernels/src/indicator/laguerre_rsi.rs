//! Ehlers' Laguerre relative strength index, from 0 to 1.
//!
//! The rises from one Laguerre component to the one before it, as a share of all differences. One exponential average
//! and three all-pass filters with the same `gamma`: a window that is warped in time, so that four numbers see far back.
//! All four start at the first value, so the first output comes one bar later. Without any difference beyond rounding it
//! is zero. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Laguerre, is_negligible};

pub(super) static DEF: Indicator = Indicator {
    name: "laguerre_rsi",
    aliases: &["lrsi"],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[Param::float("gamma", 0.5, 0.0, 0.999)],
    outputs: &[Output::number("laguerre_rsi", Unit::Ratio)],
    lookback: |_| 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Laguerre relative strength index, from 0 to 1.",
    formula: "rises / (rises + falls) of a - b, b - c and c - d, with the components of laguerre(x, gamma); 0 without movement. Missing bars are skipped.",
    source: "Ehlers, Cybernetic Analysis for Stocks and Futures, 2004",
    example: "SELECT ts, laguerre_rsi(close, 0.5) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<LaguerreRsi, 1, 1>,
    flags: None,
    stream: stream::<LaguerreRsi, 1, 1>,
};

struct LaguerreRsi {
    laguerre: Laguerre,
    started: bool,
}

impl State<1, 1> for LaguerreRsi {
    fn new(params: &Params) -> Self {
        LaguerreRsi { laguerre: Laguerre::new(params.float(0)), started: false }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [x];
        }
        let [a, b, c, d] = self.laguerre.step(x);
        if !std::mem::replace(&mut self.started, true) {
            return [f64::NAN];
        }
        let steps = [a - b, b - c, c - d];
        let up: f64 = steps.iter().map(|step| step.max(0.0)).sum();
        let all: f64 = steps.iter().map(|step| step.abs()).sum();
        [if is_negligible(all, a.abs()) { 0.0 } else { up / all }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Without memory the components are the last four values.
        let out = DEF.evaluate(&[&[1.0, 2.0, 1.0, 4.0]], &[0.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [1.0, 0.5, 0.8]);
    }

    #[test]
    fn flat_is_zero() {
        let mut x = [5.0; 3000];
        x[0] = 3.0;
        assert_eq!(DEF.evaluate(&[&x], &[0.5]).unwrap()[0][2999], 0.0);
    }
}
