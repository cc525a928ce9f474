//! Ehlers' inverse Fisher transform of the relative strength index.
//!
//! The index, moved to the range from -5 to 5 and averaged with linear weights, goes through `tanh`, which drives it
//! towards -1 and 1. As for `rsi`, no movement counts as an index of zero. A missing bar has no value and changes
//! nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Fit, Smoother};

pub(super) static DEF: Indicator = Indicator {
    name: "inverse_fisher",
    aliases: &["inverse_fisher_rsi"],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 5, 2), Param::period("smoothing", 9, 1)],
    outputs: &[Output::number("inverse_fisher", Unit::Ratio)],
    lookback: |params| params.period(0) + params.period(1) - 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Inverse Fisher transform of the relative strength index, from -1 to 1.",
    formula: "tanh(wma(0.1 * (rsi(x, period) - 50), smoothing)). Missing bars are skipped.",
    source: "Ehlers, The Inverse Fisher Transform, Stocks & Commodities 22:5, 2004",
    example: "SELECT ts, inverse_fisher(close, 5, 9) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<InverseFisher, 1, 1>,
    flags: None,
    stream: stream::<InverseFisher, 1, 1>,
};

struct InverseFisher {
    previous: f64,
    gain: Smoother,
    loss: Smoother,
    fit: Fit,
    /// Sum of the linear weights.
    divisor: f64,
}

impl State<1, 1> for InverseFisher {
    fn new(params: &Params) -> Self {
        let (period, smoothing) = (params.period(0), params.period(1));
        InverseFisher {
            previous: f64::NAN,
            gain: Smoother::rma(period),
            loss: Smoother::rma(period),
            fit: Fit::new(smoothing),
            divisor: smoothing as f64 * (smoothing as f64 + 1.0) / 2.0,
        }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        let change = x - std::mem::replace(&mut self.previous, x);
        if change.is_nan() {
            return [f64::NAN];
        }
        let (gain, loss) = (self.gain.step(change.max(0.0)), self.loss.step((-change).max(0.0)));
        let movement = gain + loss;
        if movement.is_nan() {
            return [f64::NAN];
        }
        let strength = if movement == 0.0 { -5.0 } else { 10.0 * (gain / movement) - 5.0 };
        let [mean, comoment] = self.fit.step(strength);
        [(mean + comoment / self.divisor).tanh()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // The index is 100 and then 50, or 5 and 0 after the move, with the weights 1 and 2.
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 2.0]], &[2.0, 2.0]).unwrap();
        assert!(out[0][2].is_nan());
        assert!((out[0][3] - (5.0_f64 / 3.0).tanh()).abs() < 1e-15);
    }
}
