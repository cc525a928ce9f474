//! Stochastic oscillator of the relative strength index.
//!
//! Where `rsi(x, period)` lies in its own range of `fastk` bars, in percent (`k`), and the average of that over
//! `fastd` bars (`d`). A flat range counts as zero. `k` and `d` appear together. A missing bar is skipped by the
//! index and gives no value as long as it is in the range. The `default` average is the simple one. Equals TA-Lib
//! `STOCHRSI`.

use super::def::*;
use super::rsi::Rsi;
use super::state::{State, compute, finite, stream};
use crate::simd::widest;
use crate::window::{AVERAGES, Average, AverageKind, Place};

pub(super) static DEF: Indicator = Indicator {
    name: "stochrsi",
    aliases: &[],
    family: Family::Momentum,
    inputs: &[Input::number("x")],
    params: &[
        Param::period("period", 14, 2),
        Param::period("fastk", 5, 1),
        Param::period("fastd", 3, 1),
        Param::choice("fastd_average", 0, AVERAGES),
    ],
    outputs: &[Output::number("k", Unit::Percent), Output::number("d", Unit::Percent)],
    lookback: |params| params.period(0) + params.period(1) - 1 + kind(params).lookback(params.period(2)),
    memory: Memory::Recursive,
    shift: Shift::Stays,
    exceptions: &[Exception::CountsBars],
    summary: "Stochastic oscillator of the relative strength index.",
    formula: "r = rsi(x, period); k = 100 * (r - lowest r) / (highest r - lowest r) over fastk bars, 0 for a flat range; d = ma(k, fastd, fastd_average).",
    source: "Chande and Kroll, The New Technical Trader, 1994; TA-Lib STOCHRSI",
    example: "SELECT ts, stochrsi(close, 14, 5, 3).k FROM synthetic_bars(200, '1h')",
    check: None,
    compute: batch,
    flags: None,
    stream: stream::<Stochrsi, 1, 2>,
};

fn kind(params: &Params) -> AverageKind {
    AverageKind::at(params.choice(3), AverageKind::Sma)
}

struct Stochrsi {
    rsi: Rsi,
    place: Place,
    d: Average,
}

impl State<1, 2> for Stochrsi {
    fn new(params: &Params) -> Self {
        Stochrsi {
            rsi: Rsi::new(params),
            place: Place::new(params.period(1)),
            d: Average::new(kind(params), params.period(2)),
        }
    }

    #[inline(always)]
    fn step(&mut self, [x]: [f64; 1]) -> [f64; 2] {
        let [rsi] = self.rsi.step([x]);
        let k = finite(self.place.step(rsi, rsi, rsi));
        let d = finite(self.d.step(k));
        if d.is_nan() { [f64::NAN; 2] } else { [k, d] }
    }
}

/// The batch form, over whole slices.
fn batch(inputs: &[&[f64]], params: &Params, outputs: &mut [Vec<f64>]) {
    let Stochrsi { place, d: signal, .. } = Stochrsi::new(params);
    compute::<Rsi, 1, 1>(inputs, params, &mut outputs[1..]);
    let [k, d] = outputs else { unreachable!("two outputs") };
    place.fill([d, d, d], k);
    signal.fill(k, d);
    widest(|| k.iter_mut().zip(&*d).for_each(|(k, d)| *k = if d.is_nan() { f64::NAN } else { *k }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let out = DEF.evaluate(&[&[1.0, 2.0, 1.0, 1.0, 2.0]], &[2.0, 2.0, 1.0, 0.0]).unwrap();
        // The index is 50, 50 and then higher.
        assert!(out[0][2].is_nan());
        assert_eq!(out[0][3..], [0.0, 100.0]);
    }
}
