//! Wilder's moving average.
//!
//! `rma = rma + (x - rma) / period`; the first value is the mean of the first `period` values. A missing bar has no
//! value and leaves the average as it was. This is the
//! smoothing inside `rsi` and `atr`, also known as the smoothed moving average. Equals TA-Lib `RMA`.

use super::averaged::{Averaged, Averaging};
use super::def::*;
use super::state::{compute, stream};
use crate::window::{Averages, Past, Recurrence};

pub(super) static DEF: Indicator = Indicator {
    name: "rma",
    aliases: &["smma"],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("rma", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Wilder's moving average: exponential smoothing with the weight 1 / period.",
    formula: "rma[i] = rma[i-1] + (x[i] - rma[i-1]) / period, seeded with the mean of the first `period` values. Missing bars are skipped.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib RMA",
    example: "SELECT ts, rma(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Averaged<Rma, 1, 1>, 1, 1>,
    flags: None,
    stream: stream::<Averaged<Rma, 1, 1>, 1, 1>,
};

struct Rma;

impl Recurrence<1, 1> for Rma {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [x]: [P::T; 1]) -> [P::T; 1] {
        [past.average(0, x)]
    }
}

impl Averaging<1, 1, 1, 1> for Rma {
    fn new(params: &Params) -> (Self, Averages<1, 1>) {
        (Rma, Averages::wilder([params.period(0)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 4.0, 6.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [2.0, 3.0, 4.5]);
    }
}
