//! True strength index.
//!
//! An exponential average of an exponential average of the changes, in percent of the same average of their sizes;
//! both are seeded with simple averages. Without any change it is zero. A missing bar has no value and changes
//! nothing: the next change is taken from the last value that there is. Equals TA-Lib `TSI`.

use super::averaged::{Averaged, Averaging};
use super::def::*;
use super::state::{compute, stream};
use crate::eight::Number;
use crate::window::{Averages, Past, Recurrence};

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
    compute: compute::<Averaged<Tsi, 4, 5>, 1, 1>,
    flags: None,
    stream: stream::<Averaged<Tsi, 4, 5>, 1, 1>,
};

/// Numbers of the averages: two of the changes and two of their sizes.
const MOVES: usize = 0;
const SMOOTH_MOVES: usize = 1;
const SIZES: usize = 2;
const SMOOTH_SIZES: usize = 3;

/// The column of the values themselves.
const X: usize = 4;

struct Tsi;

impl Recurrence<1, 1> for Tsi {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [x]: [P::T; 1]) -> [P::T; 1] {
        let change = x - past.before(X, x);
        let moved = past.average(MOVES, change);
        let moved = past.average(SMOOTH_MOVES, moved);
        let size = past.average(SIZES, change.size());
        let size = past.average(SMOOTH_SIZES, size);
        // A size that is missing is not above zero either, and is nothing but missing.
        [size.if_above(size.all(0.0), (moved / size) * 100.0, size.nothing())]
    }
}

impl Averaging<1, 1, 4, 5> for Tsi {
    fn new(params: &Params) -> (Self, Averages<4, 5>) {
        let (first, second) = (params.period(0), params.period(1));
        (Tsi, Averages::new([first, second, first, second]))
    }
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
