//! Average true range, Wilder (1978).
//!
//! Wilder's average of the true range; the first bar has no true range, so the first value comes `period` bars after it
//! and is the mean of the first `period` true ranges. A missing bar has no value and changes nothing: the next true
//! range uses the last close that there is. Equals TA-Lib `ATR`.

use super::averaged::{Averaged, Averaging};
use super::def::*;
use super::state::{compute, stream};
use crate::window::{Averages, Past, Recurrence, average_range};

pub(super) static DEF: Indicator = Indicator {
    name: "atr",
    aliases: &[],
    family: Family::Volatility,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 14, 1)],
    outputs: &[Output::number("atr", Unit::Price)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Average true range with Wilder's smoothing.",
    formula: "rma(true_range(high, low, close), period), without the first bar. Missing bars are skipped.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib ATR",
    example: "SELECT ts, atr(high, low, close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Averaged<Atr, 1, 2>, 3, 1>,
    flags: None,
    stream: stream::<Averaged<Atr, 1, 2>, 3, 1>,
};

struct Atr;

impl Recurrence<3, 1> for Atr {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, bar: [P::T; 3]) -> [P::T; 1] {
        [average_range(past, bar)]
    }
}

impl Averaging<3, 1, 1, 2> for Atr {
    fn new(params: &Params) -> (Self, Averages<1, 2>) {
        (Atr, Averages::wilder([params.period(0)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, 5.0, 5.0], &[1.0, 2.0, 3.0, 4.0], &[1.5, 2.5, 4.0, 4.5]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!(out[0][2..], [2.0, 1.5]);
    }
}
