//! Relative vigor index, Ehlers (2002).
//!
//! Bodies and ranges are smoothed with the weights 1, 2, 2, 1 and added up over `period` bars; their ratio is smoothed
//! in the same way for the signal. Zero without any range. Both outputs begin together. A missing bar gives no value
//! as long as it is in one of the windows.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Ladder, Sums};

pub(super) static DEF: Indicator = Indicator {
    name: "relative_vigor",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("open"), Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 10, 1)],
    outputs: &[Output::number("vigor", Unit::Ratio), Output::number("signal", Unit::Ratio)],
    lookback: |params| params.period(0) + 5,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Relative vigor index: bodies as a share of ranges, and its signal line.",
    formula: "w(x) = (x + 2 * x[i-1] + 2 * x[i-2] + x[i-3]) / 6; vigor = sum(w(close - open)) / sum(w(high - low)) over the period, signal = w(vigor); 0 without range.",
    source: "Ehlers, Relative Vigor Index, 2002",
    example: "SELECT ts, relative_vigor(open, high, low, close, 10).vigor FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RelativeVigor, 4, 2>,
    flags: None,
    stream: stream::<RelativeVigor, 4, 2>,
};

struct RelativeVigor {
    body: Symmetric,
    range: Symmetric,
    sums: Ladder<Sums, 2, 2>,
    signal: Symmetric,
}

/// The mean of the last four values with the weights 1, 2, 2, 1.
struct Symmetric([f64; 3]);

impl Symmetric {
    #[inline]
    fn step(&mut self, x: f64) -> f64 {
        let [third, second, first] = self.0;
        self.0 = [second, first, x];
        (x + 2.0 * first + 2.0 * second + third) / 6.0
    }
}

impl State<4, 2> for RelativeVigor {
    fn new(params: &Params) -> Self {
        let empty = || Symmetric([f64::NAN; 3]);
        RelativeVigor { body: empty(), range: empty(), sums: Ladder::new(params.period(0)), signal: empty() }
    }

    #[inline]
    fn step(&mut self, [open, high, low, close]: [f64; 4]) -> [f64; 2] {
        let (body, range) = (self.body.step(close - open), self.range.step(high - low));
        let vigor = match self.sums.push([body, range]) {
            [body, 0.0] => body * 0.0,
            [body, range] => body / range,
        };
        let signal = self.signal.step(vigor);
        if signal.is_nan() { [f64::NAN; 2] } else { [vigor, signal] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF
            .evaluate(
                &[
                    &[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
                    &[3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0],
                    &[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
                    &[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 3.0],
                ],
                &[1.0],
            )
            .unwrap();
        assert!(out[0][5].is_nan());
        assert_eq!(out[0][6], 1.0 / 6.0);
        assert!((out[1][6] - 1.0 / 36.0).abs() < 1e-15);
    }
}
