//! Median of the last `period` values.
//!
//! The value in the middle, or the mean of the two there. A missing bar gives no value as long as it is in the window.
//! The work per bar grows with the logarithm of `period`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Ranked;

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_median",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 30, 1)],
    outputs: &[Output::number("rolling_median", Unit::Price)],
    lookback: |params| params.period(0) - 1,
    memory: Memory::Window,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Median of the last `period` values.",
    formula: "the middle of the window in ascending order, or the mean of the two in the middle.",
    source: "common definition, as pandas rolling median",
    example: "SELECT ts, rolling_median(close, 30) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RollingMedian, 1, 1>,
    flags: None,
    stream: stream::<RollingMedian, 1, 1>,
};

struct RollingMedian {
    ranked: Ranked,
    period: usize,
}

impl State<1, 1> for RollingMedian {
    fn new(params: &Params) -> Self {
        RollingMedian { ranked: Ranked::new(params.period(0)), period: params.period(0) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        self.ranked.push(x);
        let Some(sorted) = self.ranked.full() else { return [f64::NAN] };
        let upper = sorted.nth(self.period / 2);
        if self.period % 2 == 1 {
            return [upper];
        }
        [0.5 * (sorted.nth(self.period / 2 - 1) + upper)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let x = [4.0, 1.0, 2.0, 8.0];
        assert_eq!(DEF.evaluate(&[&x], &[3.0]).unwrap()[0][2..], [2.0, 2.0]);
        assert_eq!(DEF.evaluate(&[&x], &[4.0]).unwrap()[0][3], 3.0);
    }
}
