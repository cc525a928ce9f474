//! MESA adaptive moving average and the average that follows it.
//!
//! The weight of a price is `fast_limit` divided by the degrees that the phase of the price turned by, at least
//! `slow_limit`: an average that jumps at the end of a cycle and is flat within it. Both start from zero at the 13th bar
//! and are shown after 32 bars, as in TA-Lib; with a small weight they still come from far below then. A missing bar has
//! no value and changes nothing. Equals TA-Lib `MAMA`, except after a flat market, where the phase that steers the
//! weights is rounding noise there.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Mama;

pub(super) static DEF: Indicator = Indicator {
    name: "mama",
    aliases: &[],
    family: Family::Overlap,
    inputs: &[Input::number("x")],
    params: &[Param::float("fast_limit", 0.5, 0.01, 0.99), Param::float("slow_limit", 0.05, 0.01, 0.99)],
    outputs: &[Output::number("mama", Unit::Price), Output::number("fama", Unit::Price)],
    lookback: |_| Mama::LOOKBACK,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "MESA adaptive moving average, and the average that follows it.",
    formula: "mama += w * (x - mama); fama += w / 2 * (mama - fama); w = fast_limit / d, at least slow_limit, and fast_limit where d is 1 or less, for d the degrees by which atan(quadrature / in_phase) of the phasor fell. Missing bars are skipped.",
    source: "Ehlers, MESA and Trading Market Cycles, 2002; TA-Lib MAMA",
    example: "SELECT ts, mama(close, 0.5, 0.05).mama FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Mama, 1, 2>,
    flags: None,
    stream: stream::<Mama, 1, 2>,
};

impl State<1, 2> for Mama {
    fn new(params: &Params) -> Self {
        Mama::new(params.float(0), params.float(1))
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 2] {
        Mama::step(self, x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flat_market_is_its_average() {
        let out = DEF.evaluate(&[&[0.1; 900]], &[0.5, 0.05]).unwrap();
        assert!(out[0][31].is_nan() && !out[0][32].is_nan());
        assert!((out[0][899] - 0.1).abs() < 1e-15 && (out[1][899] - 0.1).abs() < 1e-15);
    }
}
