//! Smallest and largest of the last `period` values.
//!
//! `lowest` and `highest` in one. A missing bar gives no value as long as it is in the window. Equals TA-Lib `MINMAX`.

use super::def::*;
use super::state::{State, stream};
use crate::window::{Max, Min, Sliding, make_room, moving_channel};

pub(super) static DEF: Indicator = Indicator {
    name: "lowest_highest",
    aliases: &["minmax"],
    family: Family::Math,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("lowest", Unit::Price), Output::number("highest", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Smallest and largest of the last `period` values.",
    formula: "lowest = min(x[i-period+1..=i]), highest = max(x[i-period+1..=i]). No value while a missing bar is in the window.",
    source: "TA-Lib MINMAX",
    example: "SELECT ts, lowest_highest(close, 30).lowest FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<LowestHighest, 1, 2>,
};

struct LowestHighest {
    lowest: Sliding<Min>,
    highest: Sliding<Max>,
}

impl State<1, 2> for LowestHighest {
    fn new(params: &Params) -> Self {
        LowestHighest { lowest: Sliding::new(params.period(0)), highest: Sliding::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 2] {
        match (self.lowest.push(x), self.highest.push(x)) {
            (Some(Min(lowest)), Some(Max(highest))) => [lowest, highest],
            _ => [f64::NAN; 2],
        }
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (x, [lowest, highest]) = (inputs[0], outputs) else { unreachable!("two outputs") };
    make_room(lowest, x.len());
    make_room(highest, x.len());
    moving_channel(x, x, params.period(0), |_, highs, lows| {
        lowest.extend_from_slice(lows);
        highest.extend_from_slice(highs);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan() && out[1][0].is_nan());
        assert_eq!((&out[0][1..], &out[1][1..]), (&[1.0, 2.0][..], &[3.0, 3.0][..]));
    }
}
