//! Average true range in percent of the close.
//!
//! `100 * atr / close`; zero where the close is zero. Equals TA-Lib `NATR`, except that TA-Lib does not divide for
//! period 1.

use super::averaged::{Averaged, Averaging};
use super::def::*;
use super::state::{compute, stream};
use crate::eight::Number;
use crate::window::{Averages, Past, Recurrence, average_range};

pub(super) static DEF: Indicator = Indicator {
    name: "natr",
    aliases: &[],
    family: Family::Volatility,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 14, 1)],
    outputs: &[Output::number("natr", Unit::Percent)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Average true range in percent of the close.",
    formula: "100 * atr(high, low, close, period) / close, 0 where the close is 0. Missing bars are skipped.",
    source: "Forman, Cross-Market Evaluations with Normalized Average True Range, 2006; TA-Lib NATR",
    example: "SELECT ts, natr(high, low, close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Averaged<Natr, 1, 2>, 3, 1>,
    flags: None,
    stream: stream::<Averaged<Natr, 1, 2>, 3, 1>,
};

struct Natr;

impl Recurrence<3, 1> for Natr {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, bar: [P::T; 3]) -> [P::T; 1] {
        let (average, close) = (average_range(past, bar), bar[2]);
        // Nothing of the average, not zero: during the warm-up there is still no value.
        [close.size().if_above(close.all(0.0), (average / close) * 100.0, average.nothing())]
    }
}

impl Averaging<3, 1, 1, 2> for Natr {
    fn new(params: &Params) -> (Self, Averages<1, 2>) {
        (Natr, Averages::wilder([params.period(0)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, 5.0], &[1.0, 2.0, 3.0], &[1.5, 2.5, 4.0]], &[2.0]).unwrap();
        assert_eq!(out[0][2], 50.0);
    }
}
