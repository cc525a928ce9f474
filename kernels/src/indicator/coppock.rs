//! Coppock curve, Coppock (1962).
//!
//! A linearly weighted average of the sum of two rates of change in percent. A rate is zero where the earlier value is
//! zero, as in TA-Lib. A missing bar gives no value as long as one of the windows needs it. Equals TA-Lib `COPPOCK`.

use super::def::*;
use super::state::{State, finite, stream};
use crate::window::{Delay, Weighted};

pub(super) static DEF: Indicator = Indicator {
    name: "coppock",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[Param::period("period", 10, 1), Param::period("short", 11, 1), Param::period("long", 14, 1)],
    outputs: &[Output::number("coppock", Unit::Ratio)],
    lookback: |params| params.period(0) - 1 + params.period(1).max(params.period(2)),
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Coppock curve: the weighted average of two rates of change.",
    formula: "wma(roc(x, short) + roc(x, long), period).",
    source: "Coppock, in Barron's, 1962; TA-Lib COPPOCK",
    example: "SELECT ts, coppock(close, 10, 11, 14) FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Coppock, 1, 1>,
};

struct Coppock {
    average: Weighted,
    short: Delay,
    long: Delay,
}

impl State<1, 1> for Coppock {
    fn new(params: &Params) -> Self {
        let [short, long] = [1, 2].map(|k| Delay::new(params.period(k)));
        Coppock { average: Weighted::new(params.period(0)), short, long }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 1] {
        [self.average.step(finite(rate(x, self.short.step(x)) + rate(x, self.long.step(x))))]
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let x = inputs[0];
    let [short, long] = [1, 2].map(|k| params.period(k));
    let first = short.max(long).min(x.len());
    let mut rates = vec![f64::NAN; x.len()];
    let earlier = x[first - short.min(first)..].iter().zip(&x[first - long.min(first)..]);
    for ((out, &x), (&short, &long)) in rates[first..].iter_mut().zip(&x[first..]).zip(earlier) {
        let x = finite(x);
        *out = finite(rate(x, finite(short)) + rate(x, finite(long)));
    }
    Weighted::new(params.period(0)).fill(&rates, &mut outputs[0]);
}

/// Rate of change in percent, zero where the earlier value is zero.
#[inline]
fn rate(x: f64, earlier: f64) -> f64 {
    if earlier == 0.0 { x * 0.0 } else { 100.0 * (x / earlier - 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[2.0, 4.0, 2.0, 3.0]], &[2.0, 1.0, 2.0]).unwrap();
        assert!(out[0][2].is_nan());
        assert!((out[0][3] - (-50.0 + 2.0 * 25.0) / 3.0).abs() < 1e-13);
    }
}
