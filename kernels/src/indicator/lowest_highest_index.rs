//! Positions of the smallest and the largest of the last `period` values.
//!
//! `lowest_index` and `highest_index` in one: counted from 0 at the start of the series, with their rule for equal values. A
//! missing bar gives no value as long as it is in the window. Equals TA-Lib `MINMAXINDEX`.

use super::def::*;
use super::state::{State, stream};
use crate::window::{Leader, moving_leader};

pub(super) static DEF: Indicator = Indicator {
    name: "lowest_highest_index",
    aliases: &["minmaxindex"],
    family: Family::Math,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("lowest", Unit::Bars), Output::number("highest", Unit::Bars)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[Exception::CountsBars],
    summary: "Positions of the smallest and largest of the last `period` values, counted from the start of the series.",
    formula: "lowest = lowest_index(x, period), highest = highest_index(x, period).",
    source: "TA-Lib MINMAXINDEX",
    example: "SELECT ts, lowest_highest_index(close, 30).lowest FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| {
        moving_leader::<true>(inputs[0], params.period(0), &mut outputs[0]);
        moving_leader::<false>(inputs[0], params.period(0), &mut outputs[1]);
    },
    flags: None,
    stream: stream::<LowestHighestIndex, 1, 2>,
};

struct LowestHighestIndex {
    lowest: Leader,
    highest: Leader,
}

impl State<1, 2> for LowestHighestIndex {
    fn new(params: &Params) -> Self {
        LowestHighestIndex { lowest: Leader::new(params.period(0)), highest: Leader::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 2] {
        [self.lowest.step(-x), self.highest.step(x)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0, 2.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan() && out[1][0].is_nan());
        assert_eq!((&out[0][1..], &out[1][1..]), (&[0.0, 2.0, 3.0][..], &[1.0, 1.0, 2.0][..]));
    }
}
