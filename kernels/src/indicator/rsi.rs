//! Relative strength index, Wilder (1978).
//!
//! `100 * gain / (gain + loss)` with Wilder's averages of the rises and falls; the first value comes `period` bars
//! after the first input. Without any movement it is zero, as in TA-Lib. A missing bar has no value and changes
//! nothing: the next change is taken from the last value that there is. Equals TA-Lib `RSI`.

use super::averaged::{Averaged, Averaging};
use super::def::*;
use super::state::{compute, stream};
use crate::eight::Number;
use crate::window::{Averages, Past, Recurrence, gain_and_loss};

pub(super) static DEF: Indicator = Indicator {
    name: "rsi",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 2)],
    outputs: &[Output::number("rsi", Unit::Percent)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Wilder's relative strength index.",
    formula: "100 * gain / (gain + loss), where gain and loss are rma(rises, period) and rma(falls, period); 0 without movement. Missing bars are skipped.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib RSI",
    example: "SELECT ts, rsi(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Rsi, 1, 1>,
    flags: None,
    stream: stream::<Rsi, 1, 1>,
};

/// The state of the index.
pub(super) type Rsi = Averaged<Index, 2, 3>;

pub(super) struct Index;

impl Recurrence<1, 1> for Index {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [x]: [P::T; 1]) -> [P::T; 1] {
        let [gain, loss] = gain_and_loss(past, x);
        let movement = gain + loss;
        // A movement that is missing is not above zero either, and is nothing but missing.
        [movement.if_above(movement.all(0.0), (gain / movement) * 100.0, movement.nothing())]
    }
}

impl Averaging<1, 1, 2, 3> for Index {
    fn new(params: &Params) -> (Self, Averages<2, 3>) {
        (Index, Averages::wilder([params.period(0); 2]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 1.0, 1.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [50.0, 50.0]);
    }

    #[test]
    fn flat_is_zero() {
        let out = DEF.evaluate(&[&[5.0, 5.0, 5.0, 5.0]], &[2.0]).unwrap();
        assert_eq!(out[0][2..], [0.0, 0.0]);
    }
}
