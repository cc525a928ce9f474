//! Random walk index, Poulos (1991), for one length.
//!
//! How far the price went in `period` bars, as a multiple of how far a random walk of the same true range would go. The
//! true range is averaged plainly over those bars, and zero range counts as no move. Poulos takes the largest over all
//! lengths from 2 to `period`; here it is the one length, as in pandas-ta, which averages with `rma` instead. A
//! missing bar gives no value as long as it is in the window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Delay, Mean, true_range};

pub(super) static DEF: Indicator = Indicator {
    name: "random_walk_index",
    aliases: &["rwi"],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 14, 1)],
    outputs: &[Output::number("up", Unit::Ratio), Output::number("down", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Random walk index: the move of `period` bars as a multiple of that of a random walk.",
    formula: "up = (high - low[period bars ago]) / (m * sqrt(period)), down = (high[period bars ago] - low) / (m * sqrt(period)), m = sma(true range, period); 0 without range.",
    source: "Poulos, Of Trends and Random Walks, Technical Analysis of Stocks and Commodities, 1991",
    example: "SELECT ts, random_walk_index(high, low, close, 14).up FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RandomWalkIndex, 3, 2>,
    flags: None,
    stream: stream::<RandomWalkIndex, 3, 2>,
};

struct RandomWalkIndex {
    previous: f64,
    high: Delay,
    low: Delay,
    range: Mean,
    root: f64,
}

impl State<3, 2> for RandomWalkIndex {
    fn new(params: &Params) -> Self {
        let period = params.period(0);
        RandomWalkIndex {
            previous: f64::NAN,
            high: Delay::new(period),
            low: Delay::new(period),
            range: Mean::new(period),
            root: (period as f64).sqrt(),
        }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        let range = true_range(high, low, std::mem::replace(&mut self.previous, close));
        let walk = self.range.step(range) * self.root;
        let (up, down) = (high - self.low.step(low), self.high.step(high) - low);
        let known = !(up.is_nan() || down.is_nan() || close.is_nan());
        match known {
            true if walk == 0.0 => [0.0, 0.0],
            true => [up / walk, down / walk],
            false => [f64::NAN; 2],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let high = [2.0, 3.0, 4.0, 6.0, 7.0];
        let low = [1.0, 2.0, 3.0, 5.0, 6.0];
        let out = DEF.evaluate(&[&high, &low, &low], &[4.0]).unwrap();
        assert!(out[0][3].is_nan());
        // True ranges 2, 2, 3, 2: four bars of a walk are twice the mean.
        assert_eq!([out[0][4], out[1][4]], [6.0 / 4.5, -4.0 / 4.5]);
    }
}
