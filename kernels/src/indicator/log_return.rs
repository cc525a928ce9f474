//! Logarithmic return over `period` bars.
//!
//! `ln(x / x[period bars ago])`; no value where either is missing or not positive.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Delay;

pub(super) static DEF: Indicator = Indicator {
    name: "log_return",
    aliases: &[],
    family: Family::Condition,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 1, 1)],
    outputs: &[Output::number("log_return", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Logarithmic return since the bar `period` bars ago.",
    formula: "ln(x[i] / x[i-period]). No value where either is not positive.",
    source: "continuously compounded return",
    example: "SELECT ts, log_return(close) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<LogReturn, 1, 1>,
    flags: None,
    stream: stream::<LogReturn, 1, 1>,
};

struct LogReturn {
    delay: Delay,
}

impl State<1, 1> for LogReturn {
    fn new(params: &Params) -> Self {
        LogReturn { delay: Delay::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let earlier = self.delay.step(x);
        [if x > 0.0 && earlier > 0.0 { (x / earlier).ln() } else { f64::NAN }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 0.0, 2.0]], &[1.0]).unwrap();
        assert_eq!(out[0][1], std::f64::consts::LN_2);
        assert!(out[0][2].is_nan() && out[0][3].is_nan());
    }
}
