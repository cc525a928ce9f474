//! Sharpe ratio of the last `period` returns of a price or equity series.
//!
//! Mean excess return per unit of its sample deviation (`ddof` 1), times the root of the periods in a year; with
//! `periods_per_year` 1 it is the ratio per bar. No value where the returns do not deviate, nor while a missing bar is
//! in the window.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Spread;

pub(super) static DEF: Indicator = Indicator {
    name: "rolling_sharpe",
    aliases: &[],
    family: Family::Statistics,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 100, 2),
        Param::float("periods_per_year", 1.0, 1e-6, 1e9),
        Param::float("risk_free", 0.0, -0.5, 10.0),
    ],
    outputs: &[Output::number("rolling_sharpe", Unit::Ratio)],
    lookback: |params| params.period(0),
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Sharpe ratio of the last `period` returns of a price or equity series.",
    formula: "(mean(r) - risk_free / P) / stddev(r, 1) * sqrt(P) over the last `period` returns r = x[i] / x[i-1] - 1, P = periods_per_year. No value without deviation.",
    source: "Sharpe, The Sharpe Ratio, 1994",
    example: "SELECT ts, rolling_sharpe(close, 50, 8760.0) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<RollingSharpe, 1, 1>,
    flags: None,
    stream: stream::<RollingSharpe, 1, 1>,
};

struct RollingSharpe {
    previous: f64,
    spread: Spread,
    divisor: f64,
    risk_free: f64,
    scale: f64,
}

impl State<1, 1> for RollingSharpe {
    fn new(params: &Params) -> Self {
        let (period, per_year) = (params.period(0), params.float(1));
        RollingSharpe {
            previous: f64::NAN,
            spread: Spread::new(period),
            divisor: (period - 1) as f64,
            risk_free: params.float(2) / per_year,
            scale: per_year.sqrt(),
        }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        let [mean, squares] = self.spread.step(x / std::mem::replace(&mut self.previous, x) - 1.0);
        // Without deviation it is a division by zero, which is not a number or infinite, and so missing.
        [(mean - self.risk_free) / (squares / self.divisor).sqrt() * self.scale]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 2.0, 2.0, 2.0]], &[2.0, 2.0, 0.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert!((out[0][2] - 1.0).abs() < 1e-15, "mean 0.5, deviation 0.5 times the root of 2");
        assert!(out[0][3].is_nan() && out[0][4].is_nan(), "no deviation, no ratio");
    }
}
