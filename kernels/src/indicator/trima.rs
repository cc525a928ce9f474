//! Triangular moving average.
//!
//! The simple average of a simple average, so that the middle of the window has the largest weight: of `(period + 1)
//! / 2` twice for an odd period, of `period / 2` and `period / 2 + 1` for an even one. A missing bar gives no value
//! as long as it is in the window. Equals TA-Lib `TRIMA`.

use super::def::*;
use super::state::{State, stream};
use crate::window::Triangular;

pub(super) static DEF: Indicator = Indicator {
    name: "trima",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("trima", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Triangular moving average: the simple average of a simple average.",
    formula: "sma(sma(x, n), m) with n = period / 2 rounded up and m = period / 2 + 1 rounded down. No value while a missing bar is in the window.",
    source: "TA-Lib TRIMA",
    example: "SELECT ts, trima(close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| Triangular::new(params.period(0)).fill(inputs[0], &mut outputs[0]),
    flags: None,
    stream: stream::<Trima, 1, 1>,
};

struct Trima {
    average: Triangular,
}

impl State<1, 1> for Trima {
    fn new(params: &Params) -> Self {
        Trima { average: Triangular::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.average.step(x)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 7.0, 8.0]], &[3.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [3.0, 6.0]);
    }
}
