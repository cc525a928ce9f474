//! Dynamic average of McGinley.
//!
//! It begins with the first value and moves by `(x - average) / (k * period * (x / average)^4)`, slower upward than
//! downward. Where that is not a number, because one of the two is zero, it becomes the value itself. A missing bar
//! has no value and changes nothing. Equals Skender's `Dynamic`, which has no value at the first bar.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "mcginley_dynamic",
    aliases: &["dynamic"],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 14, 1), Param::float("k", 0.6, 0.01, 100.0)],
    outputs: &[Output::number("mcginley_dynamic", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Dynamic average of McGinley, which follows falls faster than rises.",
    formula: "m = m + (x - m) / (k * period * (x / m)^4), first x. Missing bars are skipped.",
    source: "McGinley, in the MTA Journal, about 1990; Stock.Indicators Dynamic",
    example: "SELECT ts, mcginley_dynamic(close, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<McginleyDynamic, 1, 1>,
    flags: None,
    stream: stream::<McginleyDynamic, 1, 1>,
};

struct McginleyDynamic {
    scale: f64,
    value: f64,
}

impl State<1, 1> for McginleyDynamic {
    fn new(params: &Params) -> Self {
        McginleyDynamic { scale: params.float(1) * params.period(0) as f64, value: f64::NAN }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        let square = (x / self.value) * (x / self.value);
        let next = self.value + (x - self.value) / (self.scale * (square * square));
        // From zero there would be no way back.
        self.value = if next.is_finite() && self.value != 0.0 { next } else { x };
        [self.value]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[4.0, 8.0, 0.0, 1.0]], &[1.0, 0.25]).unwrap();
        assert_eq!(out[0], [4.0, 5.0, 0.0, 1.0]);
    }
}
