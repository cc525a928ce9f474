//! Pi cycle top.
//!
//! A fast moving average and `multiple` times a slow one; `distance` turns positive where the fast one crosses above,
//! which marked the tops of Bitcoin's early cycles. The periods are bars, as the published 111 and 350 are for daily
//! bars. All outputs begin together. A missing bar gives no value as long as it is in a window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Mean;

pub(super) static DEF: Indicator = Indicator {
    name: "pi_cycle",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("fast", 111, 1), Param::period("slow", 350, 1), Param::float("multiple", 2.0, 0.0, 1000.0)],
    outputs: &[
        Output::number("fast", Unit::Price),
        Output::number("slow", Unit::Price),
        Output::number("distance", Unit::Price),
    ],
    lookback: |params| params.period(0).max(params.period(1)) - 1,
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Pi cycle top: a fast average against twice a slow one.",
    formula: "fast = sma(x, fast), slow = multiple * sma(x, slow), distance = fast - slow.",
    source: "Swift, The Pi Cycle Top Indicator, 2019",
    example: "SELECT ts, pi_cycle(close, 20, 60, 1.0).distance FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<PiCycle, 1, 3>,
    flags: None,
    stream: stream::<PiCycle, 1, 3>,
};

struct PiCycle {
    fast: Mean,
    slow: Mean,
    multiple: f64,
}

impl State<1, 3> for PiCycle {
    fn new(params: &Params) -> Self {
        PiCycle { fast: Mean::new(params.period(0)), slow: Mean::new(params.period(1)), multiple: params.float(2) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 3] {
        let (fast, slow) = (self.fast.step(x), self.multiple * self.slow.step(x));
        let distance = fast - slow;
        if distance.is_nan() { [f64::NAN; 3] } else { [fast, slow, distance] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 6.0]], &[1.0, 3.0, 2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!((out[0][2], out[1][2], out[2][2]), (6.0, 6.0, 0.0));
    }
}
