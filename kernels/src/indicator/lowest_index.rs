//! Position of the smallest of the last `period` values.
//!
//! Counted from 0 at the start of the series, as in TA-Lib; so it depends on where the series begins, unlike its
//! distance from the current bar. Of equal values the newest counts. TA-Lib `MININDEX` is equal where no two values
//! are; of equal values it takes the newest or the oldest, depending on how earlier windows moved. A missing bar gives
//! no value as long as it is in the window.

use super::def::*;
use super::state::{State, stream};
use crate::window::{MinAt, Sliding, make_room, moving_age};

pub(super) static DEF: Indicator = Indicator {
    name: "lowest_index",
    aliases: &["minindex"],
    family: Family::Math,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("lowest_index", Unit::Bars)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[Exception::OnePiece],
    summary: "Position of the smallest of the last `period` values, counted from the start of the series.",
    formula: "the largest j in i-period+1..=i for which x[j] is the smallest; j counts the bars from 0.",
    source: "TA-Lib MININDEX",
    example: "SELECT ts, lowest_index(close, 30) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<LowestIndex, 1, 1>,
};

struct LowestIndex {
    window: Sliding<MinAt>,
    bars: u64,
}

impl State<1, 1> for LowestIndex {
    fn new(params: &Params) -> Self {
        LowestIndex { window: Sliding::new(params.period(0)), bars: 0 }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let place = self.window.push(x);
        let bar = self.bars as f64;
        self.bars += 1;
        [match place {
            Some(MinAt { value, ago }) if !value.is_nan() => bar - ago,
            _ => f64::NAN,
        }]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let (x, out) = (inputs[0], &mut outputs[0]);
    make_room(out, x.len());
    let fill = |start: usize, values: &mut [f64]| {
        values.iter_mut().zip(&x[start..]).for_each(|(value, x)| *value = -x);
    };
    moving_age(x.len(), params.period(0), fill, |start, ages| {
        for (i, (out, age)) in out[start..].iter_mut().zip(ages).enumerate() {
            *out = (start + i) as f64 - age;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[3.0, 1.0, 2.0, 1.0, 3.0, 3.0]], &[3.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [1.0, 3.0, 3.0, 3.0]);
    }
}
