//! Relative momentum index, Altman (1993).
//!
//! An `rsi` of the changes over `momentum` bars instead of one; with `momentum` 1 it is the RSI. Without any movement it
//! is zero. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Delay, Smoother};

pub(super) static DEF: Indicator = Indicator {
    name: "relative_momentum_index",
    aliases: &["rmi"],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 20, 2), Param::period("momentum", 5, 1)],
    outputs: &[Output::number("relative_momentum_index", Unit::Percent)],
    lookback: |params| params.period(0) + params.period(1) - 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "A relative strength index of the changes over several bars.",
    formula: "100 * gain / (gain + loss), where gain and loss are rma(rises, period) and rma(falls, period) of x[i] - x[i-momentum]; 0 without movement. Missing bars are skipped.",
    source: "Altman, Relative Momentum Index, Technical Analysis of Stocks and Commodities, 1993",
    example: "SELECT ts, relative_momentum_index(close, 20, 5) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RelativeMomentumIndex, 1, 1>,
    flags: None,
    stream: stream::<RelativeMomentumIndex, 1, 1>,
};

struct RelativeMomentumIndex {
    before: Delay,
    gain: Smoother,
    loss: Smoother,
}

impl State<1, 1> for RelativeMomentumIndex {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        RelativeMomentumIndex {
            before: Delay::new(params.period(1)),
            gain: Smoother::rma(period),
            loss: Smoother::rma(period),
        }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        let change = x - self.before.step(x);
        if change.is_nan() {
            return [f64::NAN];
        }
        let gain = self.gain.step(change.max(0.0));
        let loss = self.loss.step((-change).max(0.0));
        let movement = gain + loss;
        [if movement == 0.0 { 0.0 } else { 100.0 * (gain / movement) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 1.0, 2.0]], &[2.0, 2.0]).unwrap();
        assert!(out[0][2].is_nan());
        // Rise 2 and fall 1, then another fall of 1.
        assert!((out[0][3] - 200.0 / 3.0).abs() < 1e-13);
        assert_eq!(out[0][4], 40.0);
    }
}
