//! Return of a series minus the return of another one, over `period` bars.
//!
//! The price relative strength of two markets: positive where the first did better. A fraction; no value where one of
//! the four prices is missing. The ratio of the two, `x / b`, is plain SQL. Equals `PrsPercent` of Skender.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Delay;

pub(super) static DEF: Indicator = Indicator {
    name: "relative_performance",
    aliases: &["prs"],
    family: Family::Momentum,
    inputs: &[Input::number("x"), Input::number("b")],
    params: &[Param::period("period", 20, 1)],
    outputs: &[Output::number("relative_performance", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Return over `period` bars minus the return of another series.",
    formula: "x[i] / x[i-period] - b[i] / b[i-period].",
    source: "relative strength of two markets; Skender Prs",
    example: "SELECT ts, relative_performance(close, sma(close, 50), 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RelativePerformance, 2, 1>,
    flags: None,
    stream: stream::<RelativePerformance, 2, 1>,
};

struct RelativePerformance {
    x: Delay,
    b: Delay,
}

impl State<2, 1> for RelativePerformance {
    fn new(params: &Params) -> Self {
        RelativePerformance { x: Delay::new(params.period(0)), b: Delay::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x, b]: [f64; 2]) -> [f64; 1] {
        [x / self.x.step(x) - b / self.b.step(b)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0], &[4.0, 4.0, 2.0]], &[1.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [1.0, 1.0]);
    }
}
