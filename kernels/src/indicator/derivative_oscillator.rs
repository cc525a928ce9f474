//! Derivative oscillator, Brown (1994).
//!
//! An `rsi` smoothed twice with an `ema`, minus an `sma` of the result. A missing bar has no value and changes nothing.
//! Equals LEAN.

use super::def::*;
use super::rsi::Rsi;
use super::state::{State, compute, stream};
use crate::window::{Mean, Smoother};

pub(super) static DEF: Indicator = Indicator {
    name: "derivative_oscillator",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 14, 2),
        Param::period("smoothing", 5, 1),
        Param::period("second_smoothing", 3, 1),
        Param::period("signal", 9, 1),
    ],
    outputs: &[Output::number("derivative_oscillator", Unit::Other)],
    lookback: |params| params.period(0) + params.period(1) + params.period(2) + params.period(3) - 3,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "A doubly smoothed RSI minus its own moving mean.",
    formula: "s - sma(s, signal), s = ema(ema(rsi(x, period), smoothing), second_smoothing). Missing bars are skipped.",
    source: "Brown, Technical Analysis for the Trading Professional, 1999; LEAN DerivativeOscillator",
    example: "SELECT ts, derivative_oscillator(close, 14, 5, 3, 9) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<DerivativeOscillator, 1, 1>,
    flags: None,
    stream: stream::<DerivativeOscillator, 1, 1>,
};

struct DerivativeOscillator {
    rsi: Rsi,
    once: Smoother,
    twice: Smoother,
    signal: Mean,
}

impl State<1, 1> for DerivativeOscillator {
    fn new(params: &Params) -> Self {
        DerivativeOscillator {
            rsi: Rsi::new(&Params::new(vec![params.float(0)])),
            once: Smoother::ema(params.period(1)),
            twice: Smoother::ema(params.period(2)),
            signal: Mean::new(params.period(3)),
        }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [rsi] = self.rsi.step([x]);
        let smooth = self.once.step(rsi);
        let smooth = self.twice.step(smooth);
        // The signal line too counts only the bars that there are.
        [if smooth.is_nan() { f64::NAN } else { smooth - self.signal.step(smooth) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 2.0]], &[2.0, 1.0, 1.0, 2.0]).unwrap();
        assert!(out[0][2].is_nan());
        // The RSI is 100, then gain and loss are both 1 / 2: the mean is 75.
        assert_eq!(out[0][3], -25.0);
    }
}
