//! Deepest fall from a high to a later low within the last `period` values.
//!
//! A negative fraction, or zero if no value lies below an earlier one. The falls within blocks and those from one block
//! into the next are joined, so that the work does not grow with `period`. Meant for prices and equity, which are above
//! zero; a high of zero gives no value. A missing bar gives no value as long as it is in the window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Fall, Sliding};

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_max_drawdown",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 100, 1)],
    outputs: &[Output::number("rolling_max_drawdown", Unit::Ratio)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Deepest fall from a high to a later low within the last `period` values, as a fraction from -1 to 0.",
    formula: "min(x[k] / max(x[i-period+1..=k]) - 1) over the bars k of the window. No value while a missing bar is in the window.",
    source: "maximum drawdown over a moving window",
    example: "SELECT ts, rolling_max_drawdown(close, 50) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RollingMaxDrawdown, 1, 1>,
    flags: None,
    stream: stream::<RollingMaxDrawdown, 1, 1>,
};

struct RollingMaxDrawdown {
    window: Sliding<Fall>,
}

impl State<1, 1> for RollingMaxDrawdown {
    fn new(params: &Params) -> Self {
        RollingMaxDrawdown { window: Sliding::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.window.push(x).map_or(f64::NAN, |fall| fall.deepest)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[4.0, 2.0, 4.0, 3.0, 5.0, 6.0]], &[3.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [-0.5, -0.25, -0.25, 0.0]);
    }
}
