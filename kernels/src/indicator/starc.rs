//! Stoller average range channels.
//!
//! A simple moving average and `width` average true ranges (`atr`) on both sides; the three begin together. A missing
//! bar has no value and changes nothing. Equals Skender after the warm-up of its `atr`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Mean, Smoother, true_range};

pub(super) static DEF: Indicator = Indicator {
    name: "starc",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[
        Param::period("period", 5, 1),
        Param::float("width", 2.0, 0.0, 1000.0),
        Param::period("atr_period", 10, 1),
    ],
    outputs: &[
        Output::number("upper", Unit::Price),
        Output::number("middle", Unit::Price),
        Output::number("lower", Unit::Price),
    ],
    lookback: |params| (params.period(0) - 1).max(params.period(2)),
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Stoller average range channels: a moving average and a multiple of the average true range on both sides.",
    formula: "middle = sma(close, period), upper and lower = middle +- width * atr(high, low, close, atr_period). Missing bars are skipped.",
    source: "Stoller; Skender StarcBands",
    example: "SELECT ts, starc(high, low, close, 5, 2.0, 10).upper FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Starc, 3, 3>,
    flags: None,
    stream: stream::<Starc, 3, 3>,
};

struct Starc {
    previous: f64,
    mean: Mean,
    range: Smoother,
    width: f64,
}

impl State<3, 3> for Starc {
    fn new(params: &Params) -> Self {
        Starc {
            previous: f64::NAN,
            mean: Mean::new(params.period(0)),
            range: Smoother::rma(params.period(2)),
            width: params.float(1),
        }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 3] {
        if high.is_nan() || low.is_nan() || close.is_nan() {
            return [f64::NAN; 3];
        }
        let range = self.range.step(true_range(high, low, std::mem::replace(&mut self.previous, close)));
        let middle = self.mean.step(close);
        let reach = self.width * range;
        let (upper, lower) = (middle + reach, middle - reach);
        if upper.is_nan() { [f64::NAN; 3] } else { [upper, middle, lower] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 4.0], &[1.0, 2.0], &[2.0, 3.0]], &[2.0, 2.0, 1.0]).unwrap();
        assert!(out[1][0].is_nan());
        assert_eq!((out[0][1], out[1][1], out[2][1]), (6.5, 2.5, -1.5));
    }
}
