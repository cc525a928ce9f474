//! Mass index, Dorsey (1992).
//!
//! The sum over `sum_period` bars of the ratio of the exponential average of high less low to its own exponential
//! average, both over `period` bars and started from simple means. A ratio without any range counts as one, as in
//! TA-Lib. A missing bar has no value and changes nothing. Equals TA-Lib `MASSI`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Sliding, Smoother, Sum};

pub(super) static DEF: Indicator = Indicator {
    name: "massi",
    aliases: &["mass_index"],
    family: Family::Volatility,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("period", 9, 1), Param::period("sum_period", 25, 1)],
    outputs: &[Output::number("massi", Unit::Ratio)],
    lookback: |params| 2 * (params.period(0) - 1) + params.period(1) - 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Mass index: the summed ratio of the average range to its own average.",
    formula: "e = ema(high - low, period); rolling_sum(e / ema(e, period), sum_period), with a ratio of 1 where the divisor is 0. Missing bars are skipped.",
    source: "Dorsey, The Mass Index, 1992; TA-Lib MASSI",
    example: "SELECT ts, massi(high, low, 9, 25) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Massi, 2, 1>,
    flags: None,
    stream: stream::<Massi, 2, 1>,
};

struct Massi {
    once: Smoother,
    twice: Smoother,
    sum: Sliding<Sum>,
}

impl State<2, 1> for Massi {
    fn new(params: &Params) -> Self {
        let average = || Smoother::ema(params.period(0));
        Massi { once: average(), twice: average(), sum: Sliding::new(params.period(1)) }
    }

    #[inline]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 1] {
        let once = self.once.step(high - low);
        let twice = self.twice.step(once);
        if twice.is_nan() {
            return [twice];
        }
        let ratio = if twice == 0.0 { 1.0 } else { once / twice };
        [self.sum.push(ratio).map_or(f64::NAN, |sum| sum.0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0], &[1.0, 1.0, 1.0]], &[1.0, 2.0]).unwrap();
        assert!(out[0][0].is_nan());
        assert_eq!(out[0][1..], [2.0, 2.0]);
    }
}
