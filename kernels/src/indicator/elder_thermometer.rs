//! Market thermometer, Elder (2002).
//!
//! How far a bar reaches out of the one before, and the exponential average of it; both begin together. A missing bar has
//! no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Smoother;

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
    compute: compute::<ElderThermometer, 2, 2>,
    flags: None,
    stream: stream::<ElderThermometer, 2, 2>,
};

struct ElderThermometer {
    before: [f64; 2],
    average: Smoother,
}

impl State<2, 2> for ElderThermometer {
    fn new(params: &Params) -> Self {
        ElderThermometer { before: [f64::NAN; 2], average: Smoother::ema(params.period(0)) }
    }

    #[inline(always)]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 2] {
        if high.is_nan() || low.is_nan() {
            return [f64::NAN; 2];
        }
        let [before_high, before_low] = std::mem::replace(&mut self.before, [high, low]);
        if before_high.is_nan() {
            return [f64::NAN; 2];
        }
        let reach = (high - before_high).max(before_low - low).max(0.0);
        let average = self.average.step(reach);
        if average.is_nan() { [f64::NAN; 2] } else { [reach, average] }
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
