//! Price momentum oscillator of DecisionPoint.
//!
//! The change from bar to bar in percent, smoothed twice with the weights `2 / first` and `2 / second`, times ten,
//! and an exponential average of it. All smoothing is seeded with simple averages, and both outputs appear together.
//! A change from zero counts as zero. A missing bar has no value and changes nothing. Equals `GetPmo` of Skender's
//! Stock.Indicators.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::Smoother;

pub(super) static DEF: Indicator = Indicator {
    name: "pmo",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("first", 35, 2), Param::period("second", 20, 2), Param::period("signal", 10, 1)],
    outputs: &[Output::number("pmo", Unit::Ratio), Output::number("signal", Unit::Ratio)],
    lookback: |params| params.period(0) + params.period(1) + params.period(2) - 2,
    memory: Memory::Recursive,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Price momentum oscillator: the doubly smoothed change from bar to bar.",
    formula: "pmo = 10 * s(s(roc(x, 1), first), second), signal = ema(pmo, signal), where s(y, n)[i] = s[i-1] + 2 / n * (y[i] - s[i-1]), seeded with the mean of n values. Missing bars are skipped.",
    source: "Swenlin, DecisionPoint, 1990s; Stock.Indicators",
    example: "SELECT ts, pmo(close).pmo FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Pmo, 1, 2>,
    flags: None,
    stream: stream::<Pmo, 1, 2>,
};

struct Pmo {
    last: f64,
    first: Smoother,
    second: Smoother,
    signal: Smoother,
}

impl State<1, 2> for Pmo {
    fn new(params: &Params) -> Self {
        let smoother = |period: usize| Smoother::with_weight(2.0 / period as f64, period);
        Pmo {
            last: f64::NAN,
            first: smoother(params.period(0)),
            second: smoother(params.period(1)),
            signal: Smoother::ema(params.period(2)),
        }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 2] {
        if x.is_nan() {
            return [f64::NAN; 2];
        }
        let last = std::mem::replace(&mut self.last, x);
        let change = if last == 0.0 { 0.0 } else { 100.0 * (x / last - 1.0) };
        let pmo = self.second.step(10.0 * self.first.step(change));
        let signal = self.signal.step(pmo);
        if signal.is_nan() { [f64::NAN; 2] } else { [pmo, signal] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 3.0, 6.0]], &[2.0, 2.0, 1.0]).unwrap();
        assert!(out[0][2].is_nan());
        // The changes are 100, 50 and 100; 75 and then 100 after the first smoothing.
        assert_eq!((out[0][3], out[1][3]), (875.0, 875.0));
    }
}
