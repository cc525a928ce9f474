//! Elder ray: bull and bear power, Elder (1993).
//!
//! The distances of the high (`bull`) and of the low (`bear`) from an exponential average of the close. A missing bar
//! has no value and changes nothing. Equals TA-Lib `ERI`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Smoother;

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
    compute: compute::<Eri, 3, 2>,
    flags: None,
    stream: stream::<Eri, 3, 2>,
};

struct Eri {
    average: Smoother,
}

impl State<3, 2> for Eri {
    fn new(params: &Params) -> Self {
        Eri { average: Smoother::ema(params.period(0)) }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        if high.is_nan() | low.is_nan() {
            return [f64::NAN; 2];
        }
        let average = self.average.step(close);
        [high - average, low - average]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.average.is_warm()
    }

    #[inline(always)]
    fn run(&mut self, [high, low, close]: [&[f64]; 3], [bull, bear]: [&mut [f64]; 2]) {
        bull.copy_from_slice(close);
        self.average.fill(bull);
        for (((bull, bear), high), low) in bull.iter_mut().zip(bear).zip(high).zip(low) {
            let average = *bull;
            (*bull, *bear) = (high - average, low - average);
        }
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
