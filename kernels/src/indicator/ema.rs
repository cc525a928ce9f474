//! Exponential moving average, seeded with a simple one.
//!
//! `ema = ema + 2 / (period + 1) * (x - ema)`; the first value is the mean of the first `period` values. A missing bar
//! has no value and leaves the average as it was. Equals TA-Lib `EMA`; for a start at the first value see `ewma`.

use super::averaged::{Averaged, Averaging};
use super::def::*;
use super::state::{compute, stream};
use crate::window::{Averages, Past, Recurrence};

pub(super) static DEF: Indicator = Indicator {
    name: "ema",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("ema", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Exponential moving average that starts from a simple average, as TA-Lib.",
    formula: "ema[i] = ema[i-1] + 2 / (period + 1) * (x[i] - ema[i-1]), seeded with the mean of the first `period` values. Missing bars are skipped.",
    source: "TA-Lib EMA",
    example: "SELECT ts, ema(close, 20) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Averaged<Ema, 1, 1>, 1, 1>,
    flags: None,
    stream: stream::<Averaged<Ema, 1, 1>, 1, 1>,
};

struct Ema;

impl Recurrence<1, 1> for Ema {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [x]: [P::T; 1]) -> [P::T; 1] {
        [past.average(0, x)]
    }
}

impl Averaging<1, 1, 1, 1> for Ema {
    fn new(params: &Params) -> (Self, Averages<1, 1>) {
        (Ema, Averages::new([params.period(0)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 7.0]], &[3.0]).unwrap();
        assert!(out[0][0].is_nan() && out[0][1].is_nan());
        assert_eq!(out[0][2..], [2.0, 4.5]);
    }
}
