//! Exponentially weighted bands.
//!
//! An exponential average from the first value on, and `width` deviations on both sides of it. The deviation is the root
//! of the exponential average of the squared distances between each value and the average of the same bar. As that
//! average has already moved towards the value, it is `sqrt(1 - alpha)` of `ewm_std(x, period, 0)`, with
//! `alpha = 2 / (period + 1)`. The first bar has no deviation and so no score, nor has a bar whose deviation is nothing but
//! rounding. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Ewm, is_negligible};

pub(super) static DEF: Indicator = Indicator {
    name: "ewm_bollinger",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 20, 1), Param::float("width", 2.0, 0.0, 1000.0)],
    outputs: &[
        Output::number("upper", Unit::Price),
        Output::number("middle", Unit::Price),
        Output::number("lower", Unit::Price),
        Output::number("zscore", Unit::Ratio),
    ],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[Exception::Sparse],
    summary: "Exponentially weighted bands: an average from the first value on, a multiple of the deviation on both sides, and the score.",
    formula: "middle = ewma(x, period); d = sqrt(ewma((x - middle)^2, period)); upper and lower = middle +- width * d; zscore = (x - middle) / d, no value where d is 0. Missing bars are skipped.",
    source: "exponentially weighted form of Bollinger's bands, as pandas ewm(span=period, adjust=False)",
    example: "SELECT ts, ewm_bollinger(close, 20, 2.0).zscore FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<EwmBollinger, 1, 4>,
    flags: None,
    stream: stream::<EwmBollinger, 1, 4>,
};

pub(super) struct EwmBollinger {
    middle: Ewm,
    squares: Ewm,
    deviation: f64,
    width: f64,
}

impl State<1, 4> for EwmBollinger {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        EwmBollinger {
            middle: Ewm::new(period),
            squares: Ewm::new(period),
            deviation: f64::NAN,
            width: params.float(1),
        }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 4] {
        let [middle, reach] = self.middle_and_reach(x);
        let flat = is_negligible(self.deviation, middle.abs());
        [middle + reach, middle, middle - reach, if flat { f64::NAN } else { (x - middle) / self.deviation }]
    }
}

impl EwmBollinger {
    /// Takes the next value and gives the middle and its distance from the bands, which their difference would blur.
    #[inline]
    pub(super) fn middle_and_reach(&mut self, x: f64) -> [f64; 2] {
        let middle = self.middle.mean(x);
        let apart = x - middle;
        self.deviation = self.squares.mean(apart * apart).sqrt();
        [middle, self.width * self.deviation]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 5.0]], &[3.0, 2.0]).unwrap();
        assert_eq!((out[0][0], out[1][0], out[2][0]), (1.0, 1.0, 1.0));
        let deviation = 2.0_f64.sqrt();
        assert!(out[3][0].is_nan());
        assert_eq!((out[0][1], out[1][1], out[3][1]), (3.0 + 2.0 * deviation, 3.0, 2.0 / deviation));
    }
}
