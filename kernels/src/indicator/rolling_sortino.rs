//! Sortino ratio of the last `period` returns of a price or equity series.
//!
//! Mean excess return per unit of downside deviation, which is the root of the mean square of the shortfalls over all
//! `period` returns; times the root of the periods in a year. With `periods_per_year` 1 it is the ratio per bar. No value
//! where no return fell short, nor while a missing bar is in the window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Ladder, Mean, Sums};

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_sortino",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 100, 2),
        Param::float("periods_per_year", 1.0, 1e-6, 1e9),
        Param::float("risk_free", 0.0, -0.5, 10.0),
    ],
    outputs: &[Output::number("rolling_sortino", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[Exception::Sparse],
    summary: "Sortino ratio of the last `period` returns of a price or equity series.",
    formula: "mean(e) / sqrt(mean(min(e, 0)^2)) * sqrt(P) over the last `period` excess returns e = x[i] / x[i-1] - 1 - risk_free / P, P = periods_per_year. No value without a shortfall.",
    source: "Sortino and Price, Performance Measurement in a Downside Risk Framework, 1994",
    example: "SELECT ts, rolling_sortino(close, 50, 8760.0) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RollingSortino, 1, 1>,
    flags: None,
    stream: stream::<RollingSortino, 1, 1>,
};

struct RollingSortino {
    previous: f64,
    mean: Mean,
    shortfalls: Ladder<Sums, 1, 1>,
    len: f64,
    risk_free: f64,
    scale: f64,
}

impl State<1, 1> for RollingSortino {
    fn new(params: &Params) -> Self {
        let (period, per_year) = (params.period(0), params.float(1));
        RollingSortino {
            previous: f64::NAN,
            mean: Mean::new(period),
            shortfalls: Ladder::new(period),
            len: period as f64,
            risk_free: params.float(2) / per_year,
            scale: per_year.sqrt(),
        }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let excess = x / std::mem::replace(&mut self.previous, x) - 1.0 - self.risk_free;
        // Not `min`, which drops a `NaN`.
        let shortfall = if excess > 0.0 { 0.0 } else { excess };
        let mean = self.mean.step(excess);
        let [squares] = self.shortfalls.push([shortfall * shortfall]);
        // Without a shortfall it is a division by zero, which is not a number or infinite, and so missing.
        [mean / (squares / self.len).sqrt() * self.scale]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 1.0, 2.0, 3.0, 4.0]], &[2.0, 2.0, 0.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 1.0).abs() < 1e-15, "mean 0.25, downside 0.5 / sqrt(2), times the root of 2");
        assert!(out[0][3].is_nan(), "no shortfall, no ratio");
    }
}
