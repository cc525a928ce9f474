//! Fractal chaos bands: the high of the last high fractal and the low of the last low fractal.
//!
//! A fractal counts from the bar at which it is known, `right` bars after it (see `fractal`), so nothing is looked up
//! ahead. Before the first fractal of a side there is no value on it. A missing bar has no value and changes nothing.
//! Equals Skender's `Fcb`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Swings;

pub(super) static DEF: Indicator = Indicator {
    name: "fcb",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("high"), Input::number("low")],
    params: &[Param::period("left", 2, 1), Param::period("right", 2, 1)],
    outputs: &[Output::number("upper", Unit::Price), Output::number("lower", Unit::Price)],
    lookback: |params| params.period(0) + params.period(1),
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[Exception::Sparse],
    summary: "Fractal chaos bands: the last high and the last low that stood out from their neighbours.",
    formula: "upper = high of the last bar for which fractal(high, low, left, right).swing_high was reported, lower the same with lows. Missing bars are skipped.",
    source: "Williams, Trading Chaos, 1995; Stock.Indicators Fcb",
    example: "SELECT ts, fcb(high, low, 2, 2).upper FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Fcb, 2, 2>,
    flags: None,
    stream: stream::<Fcb, 2, 2>,
};

struct Fcb {
    swings: Swings,
    upper: f64,
    lower: f64,
}

impl State<2, 2> for Fcb {
    fn new(params: &Params) -> Self {
        Fcb { swings: Swings::new(params.period(0), params.period(1)), upper: f64::NAN, lower: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [high, low]: [f64; 2]) -> [f64; 2] {
        if high.is_nan() | low.is_nan() {
            return [f64::NAN; 2];
        }
        if let Some(swing) = self.swings.step(high, low) {
            self.upper = if swing.is_high { swing.high } else { self.upper };
            self.lower = if swing.is_low { swing.low } else { self.lower };
        }
        [self.upper, self.lower]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0, 2.0, 1.0], &[0.0, 1.0, 1.0, -1.0, 0.0]], &[1.0, 1.0]).unwrap();
        assert!(out[0][1].is_nan() && out[1][3].is_nan());
        assert_eq!(out[0][2..], [3.0, 3.0, 3.0]);
        assert_eq!(out[1][4], -1.0);
    }
}
