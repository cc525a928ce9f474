//! Ehlers' cyber cycle: a high-pass filter with two poles over a short average, and its value one bar before.
//!
//! Until the sixth bar the cycle is the second difference of the price, divided by four; the first value is shown after
//! six bars. A flat market gives zero, in the end exactly. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};

pub(super) static DEF: Indicator = Indicator {
    name: "cyber_cycle",
    aliases: &[],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[Param::float("alpha", 0.07, 0.001, 1.0)],
    outputs: &[Output::number("cycle", Unit::Price), Output::number("trigger", Unit::Price)],
    lookback: |_| WARM_UP,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Cyber cycle: the cyclic part of the price, and its value one bar before.",
    formula: "s = (x + 2x[1] + 2x[2] + x[3]) / 6; cycle = (1 - a / 2)^2 (s - 2s[1] + s[2]) + 2 (1 - a) cycle[1] - (1 - a)^2 cycle[2] for a = alpha, from (x - 2x[1] + x[2]) / 4 for the first six bars; trigger = cycle[1]. Missing bars are skipped.",
    source: "Ehlers, Cybernetic Analysis for Stocks and Futures, 2004",
    example: "SELECT ts, cyber_cycle(close, 0.07).cycle FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<CyberCycle, 1, 2>,
    flags: None,
    stream: stream::<CyberCycle, 1, 2>,
};

struct CyberCycle {
    alpha: f64,
    seen: usize,
    prices: [f64; 3],
    smooth: [f64; 2],
    cycles: [f64; 2],
}

impl State<1, 2> for CyberCycle {
    fn new(params: &Params) -> Self {
        CyberCycle { alpha: params.float(0), seen: 0, prices: [0.0; 3], smooth: [0.0; 2], cycles: [0.0; 2] }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 2] {
        if x.is_nan() {
            return [f64::NAN; 2];
        }
        let [c, b, a] = self.prices;
        self.prices = [x, c, b];
        let smooth = x + (2.0 * (c - x) + 2.0 * (b - x) + (a - x)) / 6.0;
        let [later, earlier] = self.smooth;
        self.smooth = [smooth, later];
        let [last, before] = self.cycles;
        let shown = self.seen == WARM_UP;
        let cycle = if shown {
            let (gain, keep) = (1.0 - 0.5 * self.alpha, 1.0 - self.alpha);
            let news = gain * gain * ((smooth - later) - (later - earlier));
            (news - keep * keep * before) + 2.0 * keep * last
        } else {
            self.seen += 1;
            // Before the third bar there is no second difference.
            if self.seen < 3 { 0.0 } else { ((x - c) - (c - b)) * 0.25 }
        };
        // A long flat stretch would otherwise end in subnormal numbers.
        let cycle = if cycle.is_normal() { cycle } else { 0.0 };
        self.cycles = [cycle, last];
        if shown { [cycle, last] } else { [f64::NAN; 2] }
    }
}

/// Bars before the filter runs.
const WARM_UP: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trends_leave_nothing() {
        let x: Vec<f64> = (0..1000).map(f64::from).collect();
        let out = DEF.evaluate(&[&x], &[0.07]).unwrap();
        assert!(out[0][5].is_nan() && !out[0][6].is_nan());
        assert!(out[0][999].abs() < 1e-9);
    }

    #[test]
    fn the_trigger_is_the_bar_before() {
        let x: Vec<f64> = (0..50).map(|i| f64::from(i * i % 17)).collect();
        let out = DEF.evaluate(&[&x], &[0.07]).unwrap();
        assert_eq!(out[0][6..49], out[1][7..50]);
    }
}
