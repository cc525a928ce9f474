//! Elder ray: bull and bear power, Elder (1993).
//!
//! The distances of the high (`bull`) and of the low (`bear`) from an exponential average of the close. A missing bar
//! has no value and changes nothing. Equals TA-Lib `ERI`.

use super::averaged::{Averaged, Averaging};
use super::def::*;
use super::state::{compute, stream};
use crate::window::{Averages, Past, Recurrence};

pub(super) static DEF: Indicator = Indicator {
    name: "eri",
    aliases: &["elder_ray"],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 13, 1)],
    outputs: &[Output::number("bull", Unit::Price), Output::number("bear", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Elder ray: the distances of the high and the low from an average of the close.",
    formula: "bull = high - ema(close, period), bear = low - ema(close, period). Missing bars are skipped.",
    source: "Elder, Trading for a Living, 1993; TA-Lib ERI",
    example: "SELECT ts, eri(high, low, close, 13).bull FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Averaged<Eri, 1, 1>, 3, 2>,
    flags: None,
    stream: stream::<Averaged<Eri, 1, 1>, 3, 2>,
};

struct Eri;

impl Recurrence<3, 2> for Eri {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [high, low, close]: [P::T; 3]) -> [P::T; 2] {
        let average = past.average(0, close);
        [high - average, low - average]
    }
}

impl Averaging<3, 2, 1, 1> for Eri {
    fn new(params: &Params) -> (Self, Averages<1, 1>) {
        (Eri, Averages::new([params.period(0)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 5.0], &[1.0, 3.0], &[1.0, 3.0]], &[2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!((out[0][1], out[1][1]), (3.0, 1.0));
    }
}
