//! Stochastic oscillator.
//!
//! Where the close lies between the lowest low and the highest high of `k_period` bars, in percent, smoothed over
//! `k_smoothing` bars (`k`) and again over `d_period` bars (`d`), both with simple averages. A flat range counts as
//! zero, as in TA-Lib. A missing bar gives no value as long as it is in the window. `k` and `d` appear together. Equals
//! TA-Lib `STOCH` with simple averages.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Max, Mean, Min, Sliding, is_negligible};

pub(super) static DEF: Indicator = Indicator {
    name: "stochastic",
    aliases: &["stoch"],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("k_period", 5, 1), Param::period("k_smoothing", 3, 1), Param::period("d_period", 3, 1)],
    outputs: &[Output::number("k", Unit::Percent), Output::number("d", Unit::Percent)],
    lookback: |params| params.period(0) + params.period(1) + params.period(2) - 3,
    memory: Memory::Window,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Stochastic oscillator: where the close lies in the range of the last bars.",
    formula: "raw = 100 * (close - lowest low) / (highest high - lowest low) over k_period bars, 0 for a flat range; k = sma(raw, k_smoothing); d = sma(k, d_period).",
    source: "Lane, Lane's Stochastics, 1984; TA-Lib STOCH",
    example: "SELECT ts, stochastic(high, low, close, 5, 3, 3).k FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Stochastic, 3, 2>,
    flags: None,
    stream: stream::<Stochastic, 3, 2>,
};

struct Stochastic {
    highest: Sliding<Max>,
    lowest: Sliding<Min>,
    k: Mean,
    d: Mean,
}

impl State<3, 2> for Stochastic {
    fn new(params: &Params) -> Self {
        Stochastic {
            highest: Sliding::new(params.period(0)),
            lowest: Sliding::new(params.period(0)),
            k: Mean::new(params.period(1)),
            d: Mean::new(params.period(2)),
        }
    }

    #[inline]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 2] {
        let raw = match (self.highest.push(high), self.lowest.push(low)) {
            (Some(Max(high)), Some(Min(low))) => {
                let range = high - low;
                let flat = is_negligible(range, high.abs() + low.abs());
                if flat && !close.is_nan() { 0.0 } else { 100.0 * ((close - low) / range) }
            }
            _ => f64::NAN,
        };
        let k = self.k.step(raw);
        let d = self.d.step(k);
        if d.is_nan() { [f64::NAN; 2] } else { [k, d] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 4.0, 4.0], &[0.0, 1.0, 2.0], &[1.0, 3.0, 4.0]], &[2.0, 1.0, 2.0]).unwrap();
        assert!(out[0][1].is_nan());
        assert_eq!((out[0][2], out[1][2]), (100.0, 87.5));
    }
}
