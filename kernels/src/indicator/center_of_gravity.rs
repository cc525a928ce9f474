//! Ehlers' centre of gravity: how many bars the weight of the prices in the window lies after its middle.
//!
//! Prices are positive in this reading; where they add up to zero there is no value, except zero where their moment is
//! zero too. A missing bar gives no value as long as it is in the window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Fit;

pub(super) static DEF: Indicator = Indicator {
    name: "center_of_gravity",
    aliases: &["cog"],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 10, 2)],
    outputs: &[Output::number("center_of_gravity", Unit::Bars)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Centre of gravity: how many bars the weight of the prices lies after the middle of the window.",
    formula: "(period + 1) / 2 - sum((k + 1) * x[k] for k in 0..period) / sum(x[k] for k in 0..period), k bars ago. No value while a missing bar is in the window.",
    source: "Ehlers, Cybernetic Analysis for Stocks and Futures, 2004",
    example: "SELECT ts, center_of_gravity(close, 10) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<CenterOfGravity, 1, 1>,
    flags: None,
    stream: stream::<CenterOfGravity, 1, 1>,
};

struct CenterOfGravity {
    fit: Fit,
    period: f64,
}

impl State<1, 1> for CenterOfGravity {
    fn new(params: &Params) -> Self {
        CenterOfGravity { fit: Fit::new(params.period(0)), period: params.period(0) as f64 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [mean, comoment] = self.fit.step(x);
        [if comoment == 0.0 { 0.0 } else { comoment / (self.period * mean) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 5.0]], &[3.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 0.5).abs() < 1e-15);
    }

    #[test]
    fn flat_is_in_the_middle() {
        assert_eq!(DEF.evaluate(&[&[0.1; 20]], &[10.0]).unwrap()[0][9..], [0.0; 11]);
    }
}
