//! Moving average envelope.
//!
//! A simple moving average and lines at a fixed fraction of it on both sides. A missing bar gives no value as long as it
//! is in the window. Equals `MaEnvelopes` of Skender.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Mean;

pub(super) static DEF: Indicator = Indicator {
    name: "envelope",
    aliases: &["ma_envelope"],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 20, 1), Param::float("width", 0.025, 0.0, 10.0)],
    outputs: &[
        Output::number("upper", Unit::Price),
        Output::number("middle", Unit::Price),
        Output::number("lower", Unit::Price),
    ],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "A moving average and lines at a fraction of it on both sides.",
    formula: "middle = sma(x, period), upper and lower = middle * (1 +- width).",
    source: "common definition, as Skender MaEnvelopes",
    example: "SELECT ts, envelope(close, 20, 0.025).upper FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Envelope, 1, 3>,
    flags: None,
    stream: stream::<Envelope, 1, 3>,
};

struct Envelope {
    mean: Mean,
    width: f64,
}

impl State<1, 3> for Envelope {
    fn new(params: &Params) -> Self {
        Envelope { mean: Mean::new(params.period(0)), width: params.float(1) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 3] {
        let middle = self.mean.step(x);
        let reach = middle * self.width;
        [middle + reach, middle, middle - reach]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0]], &[2.0, 0.5]).unwrap();
        assert_eq!((out[0][1], out[1][1], out[2][1]), (3.0, 2.0, 1.0));
    }
}
