//! Ehlers' roofing filter: a high-pass filter with two poles and a super smoother after it.
//!
//! What is left are the cycles between `short` and `long` bars. The first value comes after two bars; the super smoother
//! starts with its inputs. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{HighPass, LowPass};

pub(super) static DEF: Indicator = Indicator {
    name: "roofing_filter",
    aliases: &["roofing"],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[Param::period("short", 10, 2), Param::period("long", 48, 3)],
    outputs: &[Output::number("roofing_filter", Unit::Price)],
    lookback: |_| 2,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Roofing filter: the part of the price in cycles between `short` and `long` bars.",
    formula: "super_smoother(high_pass(x, long), short). Missing bars are skipped.",
    source: "Ehlers, Cycle Analytics for Traders, 2013",
    example: "SELECT ts, roofing_filter(close, 10, 48) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RoofingFilter, 1, 1>,
    flags: None,
    stream: stream::<RoofingFilter, 1, 1>,
};

struct RoofingFilter {
    high: HighPass,
    low: LowPass,
}

impl State<1, 1> for RoofingFilter {
    fn new(params: &Params) -> Self {
        RoofingFilter { low: LowPass::super_smoother(params.period(0), 2), high: HighPass::new(params.period(1), 2) }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [f64::NAN];
        }
        [self.high.step(x).map_or(f64::NAN, |passed| self.low.step(passed))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trends_do_not_pass() {
        let x: Vec<f64> = (0..500).map(|i| 100.0 + f64::from(i)).collect();
        let out = DEF.evaluate(&[&x], &[10.0, 48.0]).unwrap();
        assert!(out[0][1].is_nan() && !out[0][2].is_nan());
        assert!(out[0][499].abs() < 1e-9);
    }
}
