//! Smallest of the last `period` values.
//!
//! The current bar is part of the window. A missing bar gives no value as long as it is in the window. Equals TA-Lib
//! `MIN`.

use super::def::*;
use super::state::{State, stream};
use crate::window::{Min, Sliding, moving_lowest};

pub(super) static DEF: Indicator = Indicator {
    name: "lowest",
    aliases: &["rolling_min"],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("lowest", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Smallest of the last `period` values, the current one included.",
    formula: "min(x[i-period+1..=i]). No value while a missing bar is in the window.",
    source: "TA-Lib MIN",
    example: "SELECT ts, lowest(low, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Lowest, 1, 1>,
};

struct Lowest {
    window: Sliding<Min>,
}

impl State<1, 1> for Lowest {
    fn new(params: &Params) -> Self {
        Lowest { window: Sliding::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.window.push(x).map_or(f64::NAN, |value| value.0)]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    moving_lowest(inputs[0], params.period(0), &mut outputs[0]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0, 1.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [1.0, 2.0, 1.0]);
    }
}
