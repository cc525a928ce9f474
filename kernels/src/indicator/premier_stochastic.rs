//! Premier stochastic oscillator, Leibfarth (2008).
//!
//! The place of the close in the range of `period` bars, from -5 to 5, smoothed twice with an `ema` and squashed into -1
//! to 1. A flat range counts as the middle. A missing bar has no value and changes nothing. Equals LEAN.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Max, Min, Sliding, Smoother, is_negligible};

pub(super) static DEF: Indicator = Indicator {
    name: "premier_stochastic",
    aliases: &["pso"],
    family: Family::Momentum,
    inputs: &[Input::number("high"), Input::number("low"), Input::number("close")],
    params: &[Param::period("period", 8, 1), Param::period("smoothing", 5, 1)],
    outputs: &[Output::number("premier_stochastic", Unit::Ratio)],
    lookback: |params| params.period(0) + 2 * params.period(1) - 3,
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[],
    summary: "Premier stochastic oscillator: a doubly smoothed stochastic, squashed into -1 to 1.",
    formula: "tanh(s / 2), s = ema(ema(10 * ((close - lowest low) / (highest high - lowest low) - 0.5), smoothing), smoothing) over period bars. Missing bars are skipped.",
    source: "Leibfarth, Trading With The Premier Stochastic Oscillator, Technical Analysis of Stocks and Commodities, 2008",
    example: "SELECT ts, premier_stochastic(high, low, close, 8, 5) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<PremierStochastic, 3, 1>,
    flags: None,
    stream: stream::<PremierStochastic, 3, 1>,
};

struct PremierStochastic {
    highest: Sliding<Max>,
    lowest: Sliding<Min>,
    once: Smoother,
    twice: Smoother,
}

impl State<3, 1> for PremierStochastic {
    fn new(params: &Params) -> Self {
        let (period, smoothing) = (params.period(0), params.period(1));
        PremierStochastic {
            highest: Sliding::new(period),
            lowest: Sliding::new(period),
            once: Smoother::ema(smoothing),
            twice: Smoother::ema(smoothing),
        }
    }

    #[inline(always)]
    fn step(&mut self, [high, low, close]: [f64; 3]) -> [f64; 1] {
        if high.is_nan() || low.is_nan() || close.is_nan() {
            return [f64::NAN];
        }
        let (Some(Max(high)), Some(Min(low))) = (self.highest.push(high), self.lowest.push(low)) else {
            return [f64::NAN];
        };
        let range = high - low;
        let flat = is_negligible(range, high.abs() + low.abs());
        let place = if flat { 0.0 } else { 10.0 * ((close - low) / range) - 5.0 };
        let once = self.once.step(place);
        [(0.5 * self.twice.step(once)).tanh()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 4.0, 4.0], &[0.0, 1.0, 4.0], &[1.0, 4.0, 4.0]], &[1.0, 1.0]).unwrap();
        assert_eq!(out[0], [0.0, 2.5_f64.tanh(), 0.0]);
    }
}
