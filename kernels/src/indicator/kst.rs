//! Pring's know sure thing.
//!
//! The rates of change over four periods, each smoothed with a simple average and weighted with 1 to 4, and a simple
//! average of their sum. Both outputs appear together. A change from zero counts as zero. A missing bar gives no
//! value as long as it counts.

use super::def::*;
use super::state::{State, compute, stream};
use crate::window::{Delay, Mean};

pub(super) static DEF: Indicator = Indicator {
    name: "kst",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("roc1", 10, 1),
        Param::period("roc2", 15, 1),
        Param::period("roc3", 20, 1),
        Param::period("roc4", 30, 1),
        Param::period("sma1", 10, 1),
        Param::period("sma2", 10, 1),
        Param::period("sma3", 10, 1),
        Param::period("sma4", 15, 1),
        Param::period("signal", 9, 1),
    ],
    outputs: &[Output::number("kst", Unit::Ratio), Output::number("signal", Unit::Ratio)],
    lookback: |params| {
        let part = |k| params.period(k) + params.period(k + 4) - 1;
        part(0).max(part(1)).max(part(2)).max(part(3)) + params.period(8) - 1
    },
    memory: Memory::Window,
    shift: Shift::Changes,
    exceptions: &[],
    summary: "Know sure thing: a weighted sum of smoothed rates of change over four periods.",
    formula: "kst = sum(k * sma(roc(x, roc_k), sma_k)) for k in 1..=4, signal = sma(kst, signal).",
    source: "Pring, Summed Rate of Change (KST), Stocks & Commodities 10:9, 1992",
    example: "SELECT ts, kst(close).signal FROM synthetic_bars(200, '1h')",
    check: None,
    compute: compute::<Kst, 1, 2>,
    flags: None,
    stream: stream::<Kst, 1, 2>,
};

struct Kst {
    parts: [(Delay, Mean); 4],
    signal: Mean,
}

impl State<1, 2> for Kst {
    fn new(params: &Params) -> Self {
        Kst {
            parts: [0, 1, 2, 3].map(|k| (Delay::new(params.period(k)), Mean::new(params.period(k + 4)))),
            signal: Mean::new(params.period(8)),
        }
    }

    #[inline]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 2] {
        let parts = self.parts.each_mut().map(|(delay, mean)| {
            let earlier = delay.step(x);
            mean.step(if earlier == 0.0 && !x.is_nan() { 0.0 } else { 100.0 * (x / earlier - 1.0) })
        });
        let [one, two, three, four] = parts;
        let kst = one + 2.0 * two + 3.0 * three + 4.0 * four;
        let signal = self.signal.step(kst);
        if signal.is_nan() { [f64::NAN; 2] } else { [kst, signal] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let params = [1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 2.0];
        let out = DEF.evaluate(&[&[1.0, 2.0, 4.0, 4.0]], &params).unwrap();
        assert!(out[0][2].is_nan());
        // 6 * 100 + 4 * 300 and then 4 * 100.
        assert_eq!((out[0][3], out[1][3]), (400.0, 1100.0));
    }
}
