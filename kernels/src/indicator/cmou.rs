//! Chande momentum oscillator with plain sums, Chande (1994).
//!
//! The change over `period` bars as a share of the sum of all changes in between; zero without any movement. A missing
//! bar gives no value as long as it is in the window. Equals TA-Lib `CMOU`.

use super::def::*;
use super::state::{State, stream};
use crate::window::{Path, moving_path};

pub(super) static DEF: Indicator = Indicator {
    name: "cmou",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("cmou", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Chande momentum oscillator over a plain window, from -100 to 100.",
    formula: "100 * (x[i] - x[i-period]) / sum(|x[j] - x[j-1]|) over the period; 0 without movement.",
    source: "Chande and Kroll, The New Technical Trader, 1994; TA-Lib CMOU",
    example: "SELECT ts, cmou(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| {
        moving_path(inputs[0], params.period(0), &mut outputs[0], share);
    },
    flags: None,
    stream: stream::<Cmou, 1, 1>,
};

struct Cmou(Path);

impl State<1, 1> for Cmou {
    fn new(params: &Params) -> Self {
        Cmou(Path::new(params.period(0)))
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [way, path] = self.0.step(x);
        [share(way, path)]
    }
}

/// The change as a share of the path.
#[inline(always)]
fn share(way: f64, path: f64) -> f64 {
    if path == 0.0 { 0.0 } else { 100.0 * (way / path) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 4.0, 3.0, 3.0, 3.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [50.0, -100.0, 0.0]);
    }
}
