//! Bands of Stoller: a simple average of the close and a multiple of the average true range.
//!
//! `width` average true ranges (of Wilder) on both sides of the average. A missing bar has no value and changes
//! nothing. Equals Skender's `StarcBands`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{AverageRange, Mean};

pub(super) static DEF: Indicator = Indicator {
    name: "starc",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[
        Param::period("period", 5, 1),
        Param::period("atr_period", 10, 1),
        Param::float("width", 2.0, 0.0, 1000.0),
    ],
    outputs: &[
        Output::number("upper", Unit::Price),
        Output::number("middle", Unit::Price),
        Output::number("lower", Unit::Price),
    ],
    lookback: |params| (params.period(0) - 1).max(params.period(1)),
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Stoller bands: a simple average and a multiple of the average true range on both sides.",
    formula: "middle = sma(close, period), upper and lower = middle +- width * atr(atr_period). Missing bars are skipped.",
    source: "Stoller Average Range Channels, about 1990; Stock.Indicators StarcBands",
    example: "SELECT ts, starc(high, low, close, 5, 10, 2.0).upper FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Starc, 3, 3>,
    flags: None,
    stream: stream::<Starc, 3, 3>,
};

struct Starc {
    average: Mean,
    range: AverageRange,
    width: f64,
}

impl State<3, 3> for Starc {
    fn new(params: &Params) -> Self {
        Starc {
            average: Mean::new(params.period(0)),
            range: AverageRange::new(params.period(1)),
            width: params.float(2),
        }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 3] {
        if high.is_nan() | low.is_nan() | close.is_nan() {
            return [f64::NAN; 3];
        }
        let reach = self.width * self.range.step([high, low, close]);
        let middle = self.average.step(close);
        if reach.is_nan() { [f64::NAN; 3] } else { [middle + reach, middle, middle - reach] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 3.0, 5.0], &[1.0, 2.0, 3.0], &[1.5, 2.5, 4.0]], &[2.0, 2.0, 1.0]).unwrap();
        assert!(out[1][1].is_nan());
        assert_eq!((out[0][2], out[1][2], out[2][2]), (5.25, 3.25, 1.25));
    }
}
