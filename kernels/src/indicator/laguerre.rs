//! Ehlers' Laguerre filter.
//!
//! One exponential average and three all-pass filters with the same `gamma`: a window that is warped in time, so that
//! four numbers see far back. All four start at the first value, which is also the first output; a flat market passes
//! unchanged to the last bit. A missing bar has no value and changes nothing.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Laguerre;

pub(super) static DEF: Indicator = Indicator {
    name: "laguerre",
    aliases: &["laguerre_filter"],
    family: Family::Cycle,
    inputs: &[Input::number("x")],
    params: &[Param::float("gamma", 0.8, 0.0, 0.999)],
    outputs: &[Output::number("laguerre", Unit::Price)],
    lookback: |_| 0,
    memory: Memory::Recursive,
    shift: Shift::Moves,
    exceptions: &[],
    summary: "Laguerre filter: a smooth average of a window that is warped in time.",
    formula: "a = (1 - g) x + g a[1]; b = -g a + a[1] + g b[1]; c = -g b + b[1] + g c[1]; d = -g c + c[1] + g d[1] for g = gamma; (a + 2b + 2c + d) / 6. All start at the first x. Missing bars are skipped.",
    source: "Ehlers, Cybernetic Analysis for Stocks and Futures, 2004",
    example: "SELECT ts, laguerre(close, 0.8) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<LaguerreFilter, 1, 1>,
    flags: None,
    stream: stream::<LaguerreFilter, 1, 1>,
};

struct LaguerreFilter(Laguerre);

impl State<1, 1> for LaguerreFilter {
    fn new(params: &Params) -> Self {
        LaguerreFilter(Laguerre::new(params.float(0)))
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        if x.is_nan() {
            return [x];
        }
        let [a, b, c, d] = self.0.step(x);
        [a + (2.0 * (b - a) + 2.0 * (c - a) + (d - a)) / 6.0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_gamma_it_is_a_short_average() {
        let out = DEF.evaluate(&[&[1.0, 1.0, 1.0, 1.0, 7.0, 13.0]], &[0.0]).unwrap();
        assert_eq!(out[0][..4], [1.0; 4]);
        assert!((out[0][4] - 2.0).abs() < 1e-15 && (out[0][5] - 5.0).abs() < 1e-15);
    }
}
