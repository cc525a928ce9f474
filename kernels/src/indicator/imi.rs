//! Intraday momentum index, Chande (1994).
//!
//! The share of the rising bodies, from open to close, in all bodies of `period` bars, in percent; 50 without any
//! body, as in TA-Lib. A missing bar gives no value as long as it is in the window. Equals TA-Lib `IMI`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Ladder, Sums};

pub(super) static DEF: Indicator = Indicator {
    name: "imi",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("open"), Input::number("close")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("imi", Unit::Percent)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Intraday momentum index: the share of the rising bodies in all bodies of the window.",
    formula: "100 * sum(max(close - open, 0)) / sum(|close - open|) over the period; 50 without bodies.",
    source: "Chande and Kroll, The New Technical Trader, 1994; TA-Lib IMI",
    example: "SELECT ts, imi(open, close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Imi, 2, 1>,
    flags: None,
    stream: stream::<Imi, 2, 1>,
};

struct Imi {
    bodies: Ladder<Sums, 2, 2>,
}

impl State<2, 1> for Imi {
    fn new(params: &Params) -> Self {
        Imi { bodies: Ladder::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [open, close]: [f64; 2]) -> [f64; 1] {
        let body = close - open;
        // `f64::max` would drop a `NaN`.
        let rise = if body < 0.0 { 0.0 } else { body };
        let [rises, all] = self.bodies.push([rise, body.abs()]);
        [if all == 0.0 { 50.0 } else { 100.0 * (rises / all) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0, 2.0], &[2.0, 0.0, 2.0, 2.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [25.0, 0.0, 50.0]);
    }
}
