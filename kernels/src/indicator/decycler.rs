//! Ehlers' simple decycler: the price less what a high-pass filter passes, so a trend without delay.
//!
//! One pole is the decycler of the book (2013), two poles the one of the article (2015). The first value comes after one
//! bar per pole. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::HighPass;

pub(super) static DEF: Indicator = Indicator {
    name: "decycler",
    aliases: &[],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 60, 3),
        Param { name: "poles", kind: ParamKind::Int { default: Some(1), min: 1, max: 2 } },
    ],
    outputs: &[Output::number("decycler", Unit::Price)],
    lookback: |params| params.period(1),
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Simple decycler: the price without cycles shorter than `period` bars.",
    formula: "x - high_pass(x, period, poles). Missing bars are skipped.",
    source: "Ehlers, Cycle Analytics for Traders, 2013; Ehlers, Decyclers, Stocks & Commodities 33:9, 2015",
    example: "SELECT ts, decycler(close, 60) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Decycler, 1, 1>,
    flags: None,
    stream: stream::<Decycler, 1, 1>,
};

struct Decycler(HighPass);

impl State<1, 1> for Decycler {
    fn new(params: &Params) -> Self {
        Decycler(HighPass::new(params.period(0), params.period(1)))
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        [self.0.step(x).map_or(f64::NAN, |cycles| x - cycles)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Four bars are a right angle, where one pole is the mean of two prices.
        let out = DEF.evaluate(&[&[1.0, 3.0, 4.0]], &[4.0, 1.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert!((out[0][1] - 2.0).abs() < 1e-15 && (out[0][2] - 3.5).abs() < 1e-15);
    }
}
