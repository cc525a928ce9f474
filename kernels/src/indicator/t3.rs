//! Tillson's T3 moving average.
//!
//! Six nested exponential averages, each seeded with a simple average, of which the last four are combined so that
//! the result is a generalised double average applied three times. A missing bar has no value and changes nothing.
//! Equals TA-Lib `T3`.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Cascade, tillson};

pub(super) static DEF: Indicator = Indicator {
    name: "t3",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 5, 1), Param::float("volume_factor", 0.7, 0.0, 1.0)],
    outputs: &[Output::number("t3", Unit::Price)],
    lookback: |params| 6 * (params.period(0) - 1),
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Tillson's T3: a smooth average of six nested exponential ones.",
    formula: "with e1 = ema(x, period), ..., e6 = ema(e5, period) and v = volume_factor: -v^3 * e6 + (3 * v^2 + 3 * v^3) * e5 - (6 * v^2 + 3 * v + 3 * v^3) * e4 + (1 + 3 * v + v^3 + 3 * v^2) * e3. Missing bars are skipped.",
    source: "Tillson, Smoothing Techniques for More Accurate Signals, Stocks & Commodities 16:1, 1998; TA-Lib T3",
    example: "SELECT ts, t3(close, 5) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<T3, 1, 1>,
    flags: None,
    stream: stream::<T3, 1, 1>,
};

struct T3 {
    average: Cascade<6>,
}

impl State<1, 1> for T3 {
    const IN_BLOCKS: bool = true;

    fn new(params: &Params) -> Self {
        T3 { average: tillson(params.period(0), params.float(1)) }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.average.step(x)]
    }

    #[inline(always)]
    fn takes_runs(&self) -> bool {
        self.average.begins_block()
    }

    #[inline(always)]
    fn take_finite(&mut self, [x]: [&[f64]; 1], [out]: [&mut [f64]; 1]) -> usize {
        self.average.run_finite(x, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_a_line_at_a_constant_distance() {
        let x: Vec<f64> = (0..40).map(f64::from).collect();
        let out = DEF.evaluate(&[&x], &[3.0, 1.0]).unwrap();
        // With the factor one, double averages of a line have no lag.
        assert!(out[0][11].is_nan() && (12..40).all(|i| (out[0][i] - x[i]).abs() < 1e-12));
    }
}
