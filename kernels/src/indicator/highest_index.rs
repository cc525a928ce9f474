//! Position of the largest of the last `period` values.
//!
//! Counted from 0 at the start of the series, as in TA-Lib; so it depends on where the series begins, unlike its
//! distance from the current bar. Of equal values the one that came in last leads; once the leader leaves the window, the
//! oldest of equal ones follows, so which it is depends on the bars before the window. A missing bar gives no value as long
//! as it is in the window. Equals TA-Lib `MAXINDEX`.

use super::def::*;
use super::state::{State, stream};
use crate::window::{Leader, moving_leader};

pub(super) static DEF: Indicator = Indicator {
    name: "highest_index",
    aliases: &["maxindex"],
    family: Family::Math,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("highest_index", Unit::Bars)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[Exception::CountsBars],
    summary: "Position of the largest of the last `period` values, counted from the start of the series.",
    formula: "j in i-period+1..=i with the largest x[j], counted from 0; of equal ones the newest, but the oldest when the one that led has left the window.",
    source: "TA-Lib MAXINDEX",
    example: "SELECT ts, highest_index(close, 30) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: |inputs, params, outputs| {
        moving_leader::<false>(inputs[0], params.period(0), &mut outputs[0]);
    },
    flags: None,
    stream: stream::<HighestIndex, 1, 1>,
};

struct HighestIndex {
    leader: Leader,
}

impl State<1, 1> for HighestIndex {
    fn new(params: &Params) -> Self {
        HighestIndex { leader: Leader::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.leader.step(x)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0, 3.0, 1.0, 1.0]], &[3.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [1.0, 3.0, 3.0, 3.0]);
    }
}
