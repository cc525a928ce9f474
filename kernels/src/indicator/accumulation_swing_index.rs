//! Accumulation swing index, Wilder (1978).
//!
//! The sum of `swing_index` since the start. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use super::swing_index::SwingIndex;
use crate::window::Total;

pub(super) static DEF: Indicator = Indicator {
    name: "accumulation_swing_index",
    aliases: &["asi"],
    family: Family::Momentum,
    inputs: &[Input::number("open"), Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::float("limit_move", 10.0, 1e-9, 1e9)],
    outputs: &[Output::number("accumulation_swing_index", Unit::Price)],
    lookback: |_| 1,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Running sum of Wilder's swing index.",
    formula: "sum of swing_index(open, high, low, close, limit_move) since the start. Missing bars are skipped.",
    source: "Wilder, New Concepts in Technical Trading Systems, 1978",
    example: "SELECT ts, accumulation_swing_index(open, high, low, close, 10.0) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<AccumulationSwingIndex, 4, 1>,
    flags: None,
    stream: stream::<AccumulationSwingIndex, 4, 1>,
};

struct AccumulationSwingIndex {
    swing: SwingIndex,
    total: Total,
}

impl State<4, 1> for AccumulationSwingIndex {
    fn new(params: &Params) -> Self {
        AccumulationSwingIndex { swing: SwingIndex::new(params), total: Total::default() }
    }

    #[inline]
    fn step(&mut self, bar: [f64; 4]) -> [f64; 1] {
        if bar.iter().any(|price| price.is_nan()) {
            return [f64::NAN];
        }
        let [swing] = self.swing.step(bar);
        [if swing.is_nan() { f64::NAN } else { self.total.add(swing) }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let x = [f64::NAN; 1];
        let (open, high, low, close) = ([10.0, x[0], 11.0], [12.0, 1.0, 14.0], [9.0, 1.0, 10.0], [11.0, 1.0, 13.0]);
        let out = DEF.evaluate(&[&open, &high, &low, &close], &[3.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 50.0 * 3.25 / 4.25).abs() < 1e-13, "the bar before the gap counts");
    }
}
