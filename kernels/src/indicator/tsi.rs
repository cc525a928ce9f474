//! True strength index.
//!
//! An exponential average of an exponential average of the changes, in percent of the same average of their sizes;
//! both are seeded with simple averages. Without any change it is zero. A missing bar has no value and changes
//! nothing: the next change is taken from the last value that there is. Equals TA-Lib `TSI`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Averages, average};

pub(super) static DEF: Indicator = Indicator {
    name: "tsi",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("first", 25, 2), Param::period("second", 13, 2)],
    outputs: &[Output::number("tsi", Unit::Ratio)],
    lookback: |params| params.period(0) + params.period(1) - 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "True strength index: smoothed changes in percent of their smoothed sizes, from -100 to 100.",
    formula: "100 * ema(ema(changes, first), second) / ema(ema(abs(changes), first), second), 0 without any change. Missing bars are skipped.",
    source: "Blau, True Strength Index, Stocks & Commodities 9:11, 1991; TA-Lib TSI",
    example: "SELECT ts, tsi(close, 25, 13) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Tsi, 1, 1>,
    flags: None,
    stream: stream::<Tsi, 1, 1>,
};

/// Numbers of the averages: two of the changes and two of their sizes.
const MOVES: usize = 0;
const SMOOTH_MOVES: usize = 1;
const SIZES: usize = 2;
const SMOOTH_SIZES: usize = 3;

struct Tsi {
    previous: f64,
    averages: Averages<4>,
}

impl State<1, 1> for Tsi {
    fn new(params: &Params) -> Self {
        let (first, second) = (params.period(0), params.period(1));
        Tsi { previous: f64::NAN, averages: Averages::new([first, second, first, second]) }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        let change = x - std::mem::replace(&mut self.previous, x);
        let moved = self.averages.step(MOVES, change);
        let moved = self.averages.step(SMOOTH_MOVES, moved);
        let size = self.averages.step(SIZES, change.abs());
        let size = self.averages.step(SMOOTH_SIZES, size);
        self.averages.end_bar();
        [ratio(moved, size)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.averages.is_warm()
    }

    #[inline(always)]
    fn run(&mut self, [x]: [&[f64]; 1], [out]: [&mut [f64]; 1]) {
        let mut previous = self.previous;
        self.averages.run(x, out, |averages, x| {
            let change = x - std::mem::replace(&mut previous, x);
            let moved = average(averages, MOVES, change);
            let moved = average(averages, SMOOTH_MOVES, moved);
            let size = average(averages, SIZES, change.abs());
            ratio(moved, average(averages, SMOOTH_SIZES, size))
        });
        self.previous = previous;
    }
}

/// A move relative to its size, in percent.
#[inline(always)]
fn ratio(moved: f64, size: f64) -> f64 {
    let ratio = 100.0 * (moved / size);
    if size == 0.0 { 0.0 } else { ratio }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 1.0, 3.0]], &[2.0, 2.0]).unwrap();
        assert!(out[0][2].is_nan());
        // The moves average to 0 and then 4/3, their sizes to 1 and then 5/3.
        assert!((out[0][3] - 50.0).abs() < 1e-12);
    }

    #[test]
    fn flat_is_zero() {
        assert_eq!(DEF.evaluate(&[&[5.0; 6]], &[2.0, 2.0]).unwrap()[0][3..], [0.0; 3]);
    }
}
