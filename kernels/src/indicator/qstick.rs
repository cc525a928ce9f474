//! Qstick, Chande (1994): the simple average of the bodies, from open to close.
//!
//! A missing bar gives no value as long as it is in the window. Equals TA-Lib `QSTICK`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::simd::widest;
use crate::window::{Mean, moving_mean_of};

pub(super) static DEF: Indicator = Indicator {
    name: "qstick",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("open"), Input::number("close")],
    params: &[Param::period("period", 10, 1)],
    outputs: &[Output::number("qstick", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Qstick: the average change from open to close.",
    formula: "sma(close - open, period).",
    source: "Chande and Kroll, The New Technical Trader, 1994; TA-Lib QSTICK",
    example: "SELECT ts, qstick(open, close, 10) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Qstick, 2, 1>,
};

struct Qstick {
    mean: Mean,
}

impl State<2, 1> for Qstick {
    fn new(params: &Params) -> Self {
        Qstick { mean: Mean::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [open, close]: [f64; 2]) -> [f64; 1] {
        [self.mean.step(close - open)]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (open, close, out) = (inputs[0], inputs[1], &mut outputs[0]);
    let fill = |start: usize, bodies: &mut [f64]| {
        widest(|| {
            for ((body, open), close) in bodies.iter_mut().zip(&open[start..]).zip(&close[start..]) {
                *body = finite(close - open);
            }
        });
    };
    moving_mean_of(open.len(), params.period(0), out, fill);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0], &[2.0, 0.0, 3.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [-1.0, -1.0]);
    }
}
