//! Market thermometer, Elder (2002).
//!
//! How far a bar reaches out of the one before, and the exponential average of it; both begin together. A missing bar has
//! no value and changes nothing.

use super::averaged::{Averaged, Averaging};
use super::def::*;
use super::state::{compute, stream};
use crate::eight::Number;
use crate::window::{Averages, Past, Recurrence};

pub(super) static DEF: Indicator = Indicator {
    name: "elder_thermometer",
    aliases: &[],
    family: Family::Volatility,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("period", 22, 1)],
    outputs: &[Output::number("thermometer", Unit::Price), Output::number("average", Unit::Price)],
    lookback: |params| params.period(0),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Market thermometer: how far a bar reaches out of the one before, and its average.",
    formula: "thermometer = max(high - high[i-1], low[i-1] - low, 0), average = ema(thermometer, period). Missing bars are skipped.",
    source: "Elder, Come Into My Trading Room, 2002",
    example: "SELECT ts, elder_thermometer(high, low, 22).average FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Averaged<ElderThermometer, 1, 3>, 2, 2>,
    flags: None,
    stream: stream::<Averaged<ElderThermometer, 1, 3>, 2, 2>,
};

struct ElderThermometer;

impl Recurrence<2, 2> for ElderThermometer {
    #[inline(always)]
    fn bar<P: Past>(&self, past: &mut P, [high, low]: [P::T; 2]) -> [P::T; 2] {
        let (before_high, before_low) = (past.before(1, high), past.before(2, low));
        // What is larger than nothing, or missing without a bar before.
        let reach = (high - before_high).larger(before_low - low).larger(before_high.nothing());
        let average = past.average(0, reach);
        // Both begin with the average.
        [reach + average.nothing(), average]
    }
}

impl Averaging<2, 2, 1, 3> for ElderThermometer {
    fn new(params: &Params) -> (Self, Averages<1, 3>) {
        (ElderThermometer, Averages::new([params.period(0)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[3.0, 4.0, 3.5, 3.0], &[1.0, 1.5, 2.0, 0.0]], &[2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!((out[0][2], out[1][2]), (0.0, 0.5));
        assert_eq!(out[0][3], 2.0);
    }
}
