//! Trend intensity index, Pee (2002).
//!
//! Of the distances of the last `period` values from their moving means of `average` bars, the share that lies above,
//! in percent; 50 where there is no distance. A missing bar gives no value as long as it is in one of the windows.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Ladder, Mean, Sums};

pub(super) static DEF: Indicator = Indicator {
    name: "trend_intensity_index",
    aliases: &["tii"],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1), Param::period("average", 60, 1)],
    outputs: &[Output::number("trend_intensity_index", Unit::Percent)],
    lookback: |params| params.period(0) + params.period(1) - 2,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Share of the distances from a moving mean that lies above it, in percent.",
    formula: "100 * up / (up + down), up and down = sums of max(d, 0) and max(-d, 0) over `period` bars, d = x - sma(x, average); 50 without distance.",
    source: "Pee, Trend Intensity Index, Technical Analysis of Stocks and Commodities, 2002",
    example: "SELECT ts, trend_intensity_index(close, 30, 60) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<TrendIntensityIndex, 1, 1>,
    flags: None,
    stream: stream::<TrendIntensityIndex, 1, 1>,
};

struct TrendIntensityIndex {
    mean: Mean,
    up_and_down: Ladder<Sums, 2, 2>,
}

impl State<1, 1> for TrendIntensityIndex {
    fn new(params: &Params) -> Self {
        TrendIntensityIndex { mean: Mean::new(params.period(1)), up_and_down: Ladder::new(params.period(0)) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let distance = x - self.mean.step(x);
        // Not `max`, which drops a `NaN`.
        let (up, down) = (if distance < 0.0 { 0.0 } else { distance }, if distance > 0.0 { 0.0 } else { -distance });
        let [up, down] = self.up_and_down.push([up, down]);
        let both = up + down;
        [if both == 0.0 { 50.0 } else { 100.0 * (up / both) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 3.0, 2.0, 2.0, 2.0]], &[2.0, 2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 200.0 / 3.0).abs() < 1e-13);
        assert_eq!(out[0][3..], [0.0, 50.0]);
    }
}
