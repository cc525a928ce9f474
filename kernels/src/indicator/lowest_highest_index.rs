//! Positions of the smallest and the largest of the last `period` values.
//!
//! `lowest_index` and `highest_index` in one: counted from 0 at the start of the series, of equal values the newest. A
//! missing bar gives no value as long as it is in the window. Equals TA-Lib `MINMAXINDEX` where no two values are
//! equal.

use super::def::*;
use super::state::{State, stream};
use crate::window::{MaxAt, MinAt, Sliding, make_room, moving_age};

pub(super) static DEF: Indicator = Indicator {
    name: "lowest_highest_index",
    aliases: &["minmaxindex"],
    family: Family::Math,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("lowest", Unit::Bars), Output::number("highest", Unit::Bars)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[Exception::OnePiece],
    summary: "Positions of the smallest and largest of the last `period` values, counted from the start of the series.",
    formula: "lowest = lowest_index(x, period), highest = highest_index(x, period).",
    source: "TA-Lib MINMAXINDEX",
    example: "SELECT ts, lowest_highest_index(close, 30).lowest FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<LowestHighestIndex, 1, 2>,
};

struct LowestHighestIndex {
    lowest: Sliding<MinAt>,
    highest: Sliding<MaxAt>,
    bars: u64,
}

impl State<1, 2> for LowestHighestIndex {
    fn new(params: &Params) -> Self {
        LowestHighestIndex { lowest: Sliding::new(params.period(0)), highest: Sliding::new(params.period(0)), bars: 0 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 2] {
        let bar = self.bars as f64;
        self.bars += 1;
        match (self.lowest.push(x), self.highest.push(x)) {
            (Some(lowest), Some(highest)) if !lowest.value.is_nan() => [bar - lowest.ago, bar - highest.ago],
            _ => [f64::NAN; 2],
        }
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (x, len) = (inputs[0], inputs[0].len());
    outputs.iter_mut().for_each(|output| make_room(output, len));
    for (output, sign) in outputs.iter_mut().zip([-1.0, 1.0]) {
        let fill = |start: usize, values: &mut [f64]| {
            values.iter_mut().zip(&x[start..]).for_each(|(value, x)| *value = sign * x);
        };
        moving_age(len, params.period(0), fill, |start, ages| {
            for (i, (out, age)) in output[start..].iter_mut().zip(ages).enumerate() {
                *out = (start + i) as f64 - age;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0, 2.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan() && out[1][0].is_nan());
        assert_eq!((&out[0][1..], &out[1][1..]), (&[0.0, 2.0, 3.0][..], &[1.0, 1.0, 3.0][..]));
    }
}
